// SPDX-License-Identifier: Apache-2.0

/// The system's time zone files.
package enum TimeZoneFile {
    /// The bytes of a zone (RFC 8536) by its name in the IANA database; `Local` is the machine's own.
    package static func data(_ name: String) -> [UInt8]? {
        if name == "Local" { return TextFile.bytes("/etc/localtime") }
        let isName =
            !name.isEmpty && !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
            && name.utf8.allSatisfy { byte in
                (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a) || (0x30...0x39).contains(byte)
                    || [0x2b, 0x2d, 0x2f, 0x5f].contains(byte)
            }
        return isName ? TextFile.bytes("/usr/share/zoneinfo/\(name)") : nil
    }
}
