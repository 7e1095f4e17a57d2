// SPDX-License-Identifier: Apache-2.0

extension JSONContent {
    /// The value as JSON, members in the order of their names.
    package var jsonText: String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .number(let text): text
        case .string(let text): JSONText.string(text)
        case .array(let elements): "[" + elements.map(\.jsonText).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { JSONText.string($0.key) + ":" + $0.value.jsonText }
                .joined(separator: ",") + "}"
        }
    }

    /// This with the members of another object in it; where both have one, its own comes first, and of objects within the
    /// same is made.
    ///
    /// - Parameter whole: an object with this member stays as it is.
    package func merged(with other: JSONContent, whole: String? = nil) -> JSONContent {
        guard case .object(let own) = self, case .object(let others) = other else { return self }
        if let whole, own[whole] != nil { return self }
        return .object(own.merging(others) { own, other in own.merged(with: other, whole: whole) })
    }

    /// The same with `{"a.b": 1}` as `{"a": {"b": 1}}`, as Elasticsearch takes settings.
    package var expanded: JSONContent {
        guard case .object(let members) = self else { return self }
        var result = JSONContent.object([:])
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            var nested = value.expanded
            for part in key.split(separator: ".").reversed() { nested = .object([String(part): nested]) }
            result = result.merged(with: nested)
        }
        return result
    }
}
