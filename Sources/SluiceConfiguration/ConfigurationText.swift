// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// The text of a configuration file, checked before YAML sees it, so that the answer names the place and the reason.
enum ConfigurationText {
    /// The bytes as text, or what is wrong with them.
    static func decode(_ bytes: [UInt8], file: String) -> Result<String, ConfigurationProblem> {
        func failure(at line: Int, _ column: Int, _ message: String, _ suggestion: String)
            -> Result<String, ConfigurationProblem>
        {
            let position = ConfigurationPosition(file: file, line: line, column: column)
            return .failure(
                ConfigurationProblem(position: position, path: "", message: message, suggestion: suggestion)
            )
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return failure(at: 0, 0, "this is UTF-16", "save the file as UTF-8")
        }
        if bytes.starts(with: [0x1F, 0x8B]) {
            return failure(at: 0, 0, "this is compressed with gzip", "decompress it first")
        }
        let wrong: (line: Int, column: Int, byte: UInt8, isControl: Bool)? = bytes.withByteView { view in
            var position = 0
            var line = 1
            var column = 1
            while position < view.count {
                let byte = view[position]
                let length = UTF8Sequence.length(in: view, at: position)
                let isBlank = byte == 0x09 || byte == 0x0A || byte == 0x0D
                if length == 0 { return (line, column, byte, false) }
                if byte < 0x20 && !isBlank || byte == 0x7F { return (line, column, byte, true) }
                position += length
                column += 1
                if byte == 0x0A {
                    line += 1
                    column = 1
                }
            }
            return nil
        }
        if let wrong {
            let shown = "0x" + (wrong.byte < 16 ? "0" : "") + String(wrong.byte, radix: 16)
            return wrong.isControl
                ? failure(
                    at: wrong.line,
                    wrong.column,
                    "a configuration holds no control character such as \(shown)",
                    "remove it, or write it as an escape in double quotes"
                )
                : failure(at: wrong.line, wrong.column, "this is not UTF-8 (\(shown))", "save the file as UTF-8")
        }
        return .success(String(decoding: bytes, as: UTF8.self))
    }
}
