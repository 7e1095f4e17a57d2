// SPDX-License-Identifier: Apache-2.0

/// What an index template says of names.
struct IndexTemplate: Equatable, Sendable {
    let name: String
    let patterns: [String]
    let priority: Int
    let isDataStream: Bool
    /// The lifecycle policy that its indices get.
    let policy: String?

    /// Nil if the body has no patterns.
    init?(name: String, body: JSONValue) {
        let written = body["index_patterns"]
        patterns = written?.elements?.compactMap(\.text) ?? written?.text.map { [$0] } ?? []
        guard !patterns.isEmpty else { return nil }
        self.name = name
        priority = body["priority"]?.integer ?? 0
        isDataStream = body["data_stream"] != nil
        let settings = body["template"]?["settings"]
        policy =
            settings?["index"]?["lifecycle"]?["name"]?.text ?? settings?["index.lifecycle.name"]?.text
            ?? settings?["index"]?["lifecycle.name"]?.text
    }

    func matches(_ name: String) -> Bool { patterns.contains { IndexName.matches(name, pattern: $0) } }
}
