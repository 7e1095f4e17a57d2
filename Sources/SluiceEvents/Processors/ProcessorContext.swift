// SPDX-License-Identifier: Apache-2.0

/// What processors need to know of the world around them, and cannot look up, since nothing here does any I/O.
package struct ProcessorContext: Sendable {
    package var host: HostMetadata
    /// The bytes of a time zone in the form of RFC 8536, by its name (`Europe/Berlin`, or `Local` for the machine's
    /// own); nil if there is none such.
    package var timeZoneData: @Sendable (String) -> [UInt8]?

    package init(
        host: HostMetadata = HostMetadata(),
        timeZoneData: @escaping @Sendable (String) -> [UInt8]? = { _ in nil }
    ) {
        self.host = host
        self.timeZoneData = timeZoneData
    }
}
