// SPDX-License-Identifier: Apache-2.0

/// What of a hit's document is in the answer.
package enum SourceFilter: Equatable {
    case all
    case none
    case fields(includes: [String], excludes: [String])

    /// Of a body's `_source`.
    package init(_ value: JSONValue) {
        if let flag = value.boolean {
            self = flag ? .all : .none
        } else if let text = value.text {
            self = .fields(includes: [text], excludes: [])
        } else if let elements = value.elements {
            self = .fields(includes: elements.compactMap(\.text), excludes: [])
        } else {
            func list(_ names: String...) -> [String] {
                let value = names.lazy.compactMap { value[$0] }.first
                return (value?.elements ?? [value].compactMap { $0 }).compactMap(\.text)
            }
            self = .fields(includes: list("includes", "include"), excludes: list("excludes", "exclude"))
        }
    }

    /// Of a URL's `_source`, `_source_includes` and `_source_excludes`; nil if there is none of them.
    package init?(parameters: QueryParameters) {
        func list(_ name: String) -> [String] {
            (parameters[name] ?? "").split(separator: ",").map { String($0) }
        }
        switch parameters["_source"] {
        case "true", "": self = .all
        case "false": self = .none
        case .some: self = .fields(includes: list("_source"), excludes: list("_source_excludes"))
        case nil:
            let (includes, excludes) = (list("_source_includes"), list("_source_excludes"))
            if includes.isEmpty, excludes.isEmpty { return nil }
            self = .fields(includes: includes, excludes: excludes)
        }
    }

    /// Takes out of a document what is not wanted.
    package func apply(to value: JSONValue) -> JSONValue {
        guard case .fields(let includes, let excludes) = self else { return value }
        return Self.filter(value, path: "", includes: includes, excludes: excludes) ?? .object([])
    }

    private static func filter(
        _ value: JSONValue,
        path: String,
        includes: [String],
        excludes: [String]
    ) -> JSONValue? {
        switch value {
        case .object(let members):
            let kept = members.compactMap { member -> JSONValue.Member? in
                let path = path.isEmpty ? member.key : path + "." + member.key
                if excludes.contains(where: { IndexName.matches(path, pattern: $0) }) { return nil }
                // What is inside of something included is included.
                let isIncluded = includes.isEmpty || includes.contains { IndexName.matches(path, pattern: $0) }
                return filter(
                    member.value,
                    path: path,
                    includes: isIncluded ? [] : includes,
                    excludes: excludes
                ).map { JSONValue.Member(key: member.key, value: $0) }
            }
            return kept.isEmpty && !(includes.isEmpty && members.isEmpty) && !path.isEmpty ? nil : .object(kept)
        case .array(let elements):
            let kept = elements.compactMap { filter($0, path: path, includes: includes, excludes: excludes) }
            return kept.isEmpty && !elements.isEmpty ? nil : .array(kept)
        default: return includes.isEmpty ? value : nil
        }
    }
}
