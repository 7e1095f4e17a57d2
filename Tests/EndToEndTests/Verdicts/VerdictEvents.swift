// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The lines of a row: some of them are dropped by a rule, and some may be poisoned, so that a destination refuses them.
struct VerdictEvents {
    /// What is wrong with the poisoned events.
    enum Poison: Sendable {
        /// None is poisoned.
        case none
        /// Their message has the word `poison` in it.
        case word
        /// The same, and 3,000 bytes more.
        case length
        /// They have a member that Elasticsearch keeps for itself.
        case field
        /// Their time is three hours behind that of the others.
        case age
    }

    static let count = 300
    private static let poisoned: Set<Int> = [37, 38, 171, 299]
    /// How many there are at the start; the rest is written while the agent runs.
    private static let early = 200

    /// The file's content, in two parts.
    let parts: [String]
    /// The messages of those that no rule drops.
    let wanted: [String]
    let poison: Set<String>
    private let messageByOffset: [Int: String]

    init(_ kind: Poison) {
        let old = Date(timeIntervalSinceNow: -3 * 3600).formatted(.iso8601)
        var parts = ["", ""]
        var wanted: [String] = []
        var poison: Set<String> = []
        var messageByOffset: [Int: String] = [:]
        var offset = 0
        for number in 0..<Self.count {
            let isPoison = kind != .none && Self.poisoned.contains(number)
            var message = "event \(number + 1000)"
            var members = ""
            if isPoison {
                message += " poison"
                switch kind {
                case .length: message += String(repeating: "!", count: 3000)
                case .field: members = #","_id":"mine""#
                case .age: members = #","at":"\#(old)""#
                case .none, .word: break
                }
                poison.insert(message)
            }
            let level = number % 10 == 3 ? "DEBUG" : "INFO"
            if level == "INFO" { wanted.append(message) }
            let line = #"{"message":"\#(message)","level":"\#(level)","part":"\#(number % 3)"\#(members)}"# + "\n"
            parts[number < Self.early ? 0 : 1] += line
            messageByOffset[offset] = message
            offset += line.utf8.count
        }
        self.parts = parts
        self.wanted = wanted
        self.poison = poison
        self.messageByOffset = messageByOffset
    }

    /// The message of the line that begins at a byte of the file.
    func message(at offset: Int) -> String { messageByOffset[offset] ?? "no line at \(offset)" }

    /// The messages of events that are JSON objects.
    static func messages(_ objects: some Sequence<some StringProtocol>) -> [String] {
        objects.map { text in
            let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            return object?["message"] as? String ?? String(text)
        }
    }
}
