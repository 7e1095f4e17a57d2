// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Spreads JSON over lines, two spaces a level, for people.
enum JSONIndentation {
    /// - Parameter json: a value without needless white space, as encoders write it.
    static func append(_ json: ByteView, to output: ByteArena) {
        var depth = 0
        var isInString = false
        var index = 0
        while index < json.count {
            let byte = json[index]
            index += 1
            if isInString {
                output.append(byte)
                if byte == UInt8(ascii: "\\"), index < json.count {
                    output.append(json[index])
                    index += 1
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                isInString = true
                output.append(byte)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                output.append(byte)
                // Of either kind, the closing bracket is two places behind the opening one.
                if index < json.count, json[index] == byte + 2 {
                    output.append(json[index])
                    index += 1
                } else {
                    depth += 1
                    breakLine(depth, output)
                }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth = max(0, depth - 1)
                breakLine(depth, output)
                output.append(byte)
            case UInt8(ascii: ","):
                output.append(byte)
                breakLine(depth, output)
            case UInt8(ascii: ":"): output.append(": ")
            default: output.append(byte)
            }
        }
    }

    private static func breakLine(_ depth: Int, _ output: ByteArena) {
        output.append(UInt8(ascii: "\n"))
        for _ in 0..<depth { output.append("  ") }
    }
}
