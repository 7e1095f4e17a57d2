// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Finds a level the way Loki's `detected_level` does: in a label or in metadata of a known name, in a JSON or logfmt
/// line's field of such a name, or else as a word in the line.
package enum LevelDetection {
    private static let names = [
        "level", "LEVEL", "Level", "log.level", "severity", "SEVERITY", "Severity", "SeverityText", "lvl", "LVL", "Lvl",
        "severity_text", "Severity_Text", "SEVERITY_TEXT",
    ]

    package static func isLevelName(_ name: ByteView) -> Bool {
        guard name.count >= 3, name.count <= 13 else { return false }
        return names.contains { $0.withByteView { $0 == name } }
    }

    package static func level(_ labels: LabelSet) -> String? {
        for name in names {
            if let value = labels[name] { return value.withByteView { normalize($0) } }
        }
        return nil
    }

    /// The name that Loki gives to a level, or the text itself if it knows none.
    package static func normalize(_ text: ByteView) -> String {
        switch text.string.lowercased() {
        case "trace", "trc": "trace"
        case "debug", "dbg": "debug"
        case "info", "inf", "information": "info"
        case "warn", "wrn", "warning": "warn"
        case "error", "err": "error"
        case "critical": "critical"
        case "fatal": "fatal"
        default: "unknown"
        }
    }

    package static func level(line: ByteView) -> String {
        let index = JSONIndex()
        if !line.isEmpty, line[0] == UInt8(ascii: "{"), (try? JSONScanner.scan(line, into: index)) != nil {
            for child in index.children where child.kind.isString && isLevelName(line[child.key]) {
                return normalize(line[child.value.lowerBound + 1..<child.value.upperBound - 1])
            }
            return "unknown"
        }
        for (word, level) in words where contains(word, in: line) { return level }
        return "unknown"
    }

    private static let words: [(String, String)] = [
        ("err:", "error"), ("error", "error"), ("warn:", "warn"), ("warning", "warn"), ("critical", "critical"),
        ("debug", "debug"), ("info", "info"),
    ]

    private static func contains(_ word: String, in line: ByteView) -> Bool {
        word.withByteView { word in
            guard line.count >= word.count else { return false }
            return (0...(line.count - word.count)).contains { start in
                (0..<word.count).allSatisfy { line[start + $0] | 0x20 == word[$0] | 0x20 }
            }
        }
    }
}
