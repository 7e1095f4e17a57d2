// SPDX-License-Identifier: Apache-2.0

/// One file in Filebeat's registry.
///
/// The `log` input's keys are `filebeat::logs::native::INODE-DEVICE`, with `source` and `offset` in the value;
/// filestream's are `filestream::ID::native::INODE-DEVICE`, `…::fingerprint::HASH` and `…::path::PATH`, with
/// `meta.source` and `cursor.offset`. A container's stream can follow the value, as in `…-stdout`.
package struct FilebeatEntry: Sendable, Equatable {
    /// By what Filebeat knows the file again.
    package enum Identity: Sendable, Equatable {
        case native(device: UInt64, inode: UInt64)
        /// SHA-256 of some of its first bytes, in hexadecimal.
        case fingerprint(String)
        case path(String)
    }

    package var key: String
    package var identity: Identity
    /// The path as Filebeat saw it last.
    package var source: String
    package var offset: Int64
    /// Seconds since 1970; 0 if unknown.
    package var updated: Int64

    /// Nil if it is none of a file, or of a kind that is not known.
    package init?(key: String, value: JSONContent) {
        self.key = key
        let isLog = key.hasPrefix("filebeat::logs::")
        guard isLog || key.hasPrefix("filestream::"),
            let offset = isLog ? value["offset"]?.integer : value["cursor"]?["offset"]?.integer ?? 0, offset >= 0
        else { return nil }
        self.offset = offset
        source = (isLog ? value["source"] : value["meta"]?["source"])?.text ?? ""
        // A pair: parts of a second with the zone, and seconds.
        updated = (isLog ? value["timestamp"] : value["updated"])?.elements?.last?.integer ?? 0
        if let state = value["FileStateOS"], let inode = state["inode"]?.unsigned,
            let device = state["device"]?.unsigned,
            isLog, key.contains("::native::")
        {
            identity = .native(device: device, inode: inode)
        } else if let range = key.firstRange(of: "::native::"),
            let native = Self.native(key[range.upperBound...])
        {
            identity = native
        } else if let range = key.firstRange(of: "::fingerprint::") {
            let hash = key[range.upperBound...].prefix(64)
            guard hash.count == 64, hash.allSatisfy(\.isHexDigit) else { return nil }
            identity = .fingerprint(hash.lowercased())
        } else if let range = key.firstRange(of: "::path::") {
            let path = String(key[range.upperBound...])
            // Only `meta.source` has the path without the stream that can follow it.
            identity = .path(source.isEmpty ? path : source)
        } else {
            return nil
        }
    }

    private static func native(_ text: Substring) -> Identity? {
        let parts = text.split(separator: "-")
        guard parts.count >= 2, let inode = UInt64(parts[0]), let device = UInt64(parts[1]) else { return nil }
        return .native(device: device, inode: inode)
    }
}
