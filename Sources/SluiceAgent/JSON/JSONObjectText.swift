// SPDX-License-Identifier: Apache-2.0

/// A JSON object that is written member by member.
package struct JSONObjectText {
    private var members: [String] = []

    package init() {}

    package var text: String { "{" + members.joined(separator: ",") + "}" }

    /// Adds a member whose value is JSON already.
    package mutating func add(_ key: String, json: String) { members.append(JSONText.string(key) + ":" + json) }

    package mutating func add(_ key: String, _ value: String?) {
        if let value { add(key, json: JSONText.string(value)) }
    }

    package mutating func add(_ key: String, _ value: (some BinaryInteger)?) {
        if let value { add(key, json: String(value)) }
    }

    package mutating func add(_ key: String, _ value: Bool) { add(key, json: value ? "true" : "false") }

    package mutating func add(_ key: String, _ elements: [String]) {
        add(key, json: "[" + elements.joined(separator: ",") + "]")
    }
}
