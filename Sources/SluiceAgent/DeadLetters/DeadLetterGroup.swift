// SPDX-License-Identifier: Apache-2.0

/// Dead letters of one output that were refused alike.
package struct DeadLetterGroup: Sendable, Equatable {
    package var output: String
    package var status: Int
    /// The reason, without what differs from letter to letter.
    package var reason: String
    package var count = 0
    /// Of their texts.
    package var bytes: Int64 = 0

    /// The groups of some letters, the largest first.
    package static func groups(_ letters: [KeptDeadLetter]) -> [DeadLetterGroup] {
        struct Key: Hashable {
            var output: String
            var status: Int
            var reason: String
        }
        var groups: [Key: DeadLetterGroup] = [:]
        for kept in letters {
            let reason = shape(words(kept.letter.reason))
            let key = Key(output: kept.letter.output, status: kept.letter.status, reason: reason)
            var group = groups[key] ?? DeadLetterGroup(output: key.output, status: key.status, reason: reason)
            group.count += 1
            group.bytes += kept.byteCount
            groups[key] = group
        }
        return groups.values.sorted {
            $0.count != $1.count
                ? $0.count > $1.count : ($0.output, $0.status, $0.reason) < ($1.output, $1.status, $1.reason)
        }
    }

    /// `type: reason` of the JSON by which Elasticsearch says why, which may be cut; any other reason as it is.
    package static func words(_ reason: String) -> String {
        guard reason.hasPrefix("{"), let words = string("reason", in: reason) else { return reason }
        return string("type", in: reason).map { $0 + ": " + words } ?? words
    }

    /// The first member of this name that is a string.
    private static func string(_ name: String, in json: String) -> String? {
        guard let start = json.firstRange(of: "\"\(name)\":\"")?.upperBound else { return nil }
        var text = ""
        var rest = json[start...]
        while let character = rest.popFirst(), character != "\"" {
            // What is escaped in such words is a quotation mark, most of all.
            text.append(character == "\\" ? rest.popFirst() ?? character : character)
        }
        return text
    }

    /// A reason with `…` for what stands between quotation marks, such as an id or a value, and for numbers. What is
    /// between brackets, such as a field's name, stays.
    package static func shape(_ reason: String) -> String {
        var result = ""
        var rest = reason[...]
        while let character = rest.first {
            // Not the apostrophe of "field's".
            let mayOpen = result.last.map { !$0.isLetter && !$0.isNumber } ?? true
            if mayOpen, character == "'" || character == "\"",
                let end = rest.dropFirst().firstIndex(of: character)
            {
                result += "\(character)…\(character)"
                rest = rest[rest.index(after: end)...]
            } else if character.isASCII, character.isNumber {
                rest = rest.drop { $0.isASCII && $0.isNumber }
                result += "…"
            } else {
                result.append(character)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
