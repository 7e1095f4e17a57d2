// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import SluiceBytes

/// Dead letters for people.
enum DeadLetterText {
    /// `2026-11-24T08:30:00Z`
    static func time(_ nanoseconds: Int64, digits: Int = 0) -> String {
        let arena = ByteArena(capacity: 40)
        Timestamp.write(nanoseconds, fractionDigits: digits, to: arena)
        return arena.string
    }

    /// In one line, with no character that a terminal would obey.
    static func line(_ text: String) -> String {
        String(text.map { isControl($0) ? " " : $0 })
    }

    /// The same with its lines and tabs.
    static func visible(_ text: String) -> String {
        String(text.map { isControl($0) && $0 != "\n" && $0 != "\t" ? "\u{FFFD}" : $0 })
    }

    private static func isControl(_ character: Character) -> Bool {
        character.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// All that is known of one but its text, a line for each fact.
    static func details(_ kept: KeptDeadLetter, pipeline: String) -> [String] {
        let letter = kept.letter
        var lines = [
            "dead letter \(kept.number)", "  pipeline  \(pipeline)", "  output    \(letter.output)",
            "  status    \(letter.status)", "  reason    \(line(letter.reason))", "  path      \(line(letter.path))",
            "  offset    \(letter.offset)", "  bytes     \(kept.byteCount)", "  id        \(letter.identifier)",
            "  time      \(time(letter.time, digits: 9))",
        ]
        if letter.refused > 0 { lines.insert("  refused   \(time(letter.refused, digits: 3))", at: 3) }
        if !letter.input.isEmpty { lines.append("  input     \(letter.input)") }
        if letter.fields != "{}" { lines.append("  fields    \(line(letter.fields))") }
        return lines
    }

    /// Their counts by output and reason.
    static func summary(_ letters: [KeptDeadLetter]) -> [String] {
        let groups = DeadLetterGroup.groups(letters)
        var table = TextTable([
            .init(title: "COUNT", isNumber: true), .init(title: "BYTES", isNumber: true), .init(title: "OUTPUT"),
            .init(title: "STATUS", isNumber: true), .init(title: "REASON", isOptional: true),
        ])
        for group in groups.prefix(groupLimit) {
            table.add([
                Figures.count(group.count), Figures.bytes(Int(group.bytes)), group.output, "\(group.status)",
                line(group.reason),
            ])
        }
        var lines = table.lines(width: nil)
        if groups.count > groupLimit { lines.append("and \(groups.count - groupLimit) more reasons") }
        return lines
    }

    private static let groupLimit = 20
}
