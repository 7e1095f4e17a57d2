// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// What Elasticsearch takes as the name of an index or data stream.
///
/// Source: "Create index API", path parameters, in Elasticsearch's reference.
enum IndexName {
    /// Why a name is refused; nil if it is fine.
    static func problem(_ name: String) -> String? {
        name.withByteView { bytes in
            if bytes.isEmpty { return "it is empty" }
            if bytes.count > 255 { return "it is longer than 255 bytes" }
            if let first = "-_+".utf8.first(where: { $0 == bytes[0] }) {
                return "it begins with '\(Character(Unicode.Scalar(first)))'"
            }
            if name == "." || name == ".." { return "it is '.' or '..'" }
            for index in 0..<bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): return "it has capital letters"
                case 0x00...0x20, UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "*"), UInt8(ascii: "?"),
                    UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "|"), UInt8(ascii: ","),
                    UInt8(ascii: "#"), UInt8(ascii: ":"):
                    return "it has '\(Character(Unicode.Scalar(bytes[index])))' in it"
                default: continue
                }
            }
            return nil
        }
    }

    /// Writes what a format string gave as a name that is taken: lower case, other characters as `-`, cut to 255 bytes.
    static func appendSanitised(_ name: ByteView, to output: ByteArena) {
        for index in 0..<min(name.count, 255) {
            let byte = name[index]
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): output.append(byte | 0x20)
            case 0x00...0x20, 0x7f..., UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "*"), UInt8(ascii: "?"),
                UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "|"), UInt8(ascii: ","),
                UInt8(ascii: "#"), UInt8(ascii: ":"), UInt8(ascii: "%"):
                output.append(UInt8(ascii: "-"))
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "+"):
                if index > 0 { output.append(byte) }
            default: output.append(byte)
            }
        }
    }
}
