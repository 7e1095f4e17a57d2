// SPDX-License-Identifier: Apache-2.0

/// Elasticsearch's `filter_path`: keeps of a response what some path leads to. `*` stands for any text within a
/// member's name, `**` for any number of names; a path that begins with `-` takes away.
///
/// Source: Elasticsearch's "common options", response filtering.
package struct FilterPath {
    private let including: [[String]]
    private let excluding: [[String]]

    /// - Parameter text: paths with commas between them; nil if there are none.
    package init?(_ text: String?) {
        let paths = text?.split(separator: ",").map { String($0.filter { $0 != " " }) }.filter { !$0.isEmpty } ?? []
        guard !paths.isEmpty else { return nil }
        func names(_ path: Substring) -> [String] { path.split(separator: ".").map { String($0) } }
        including = paths.filter { !$0.hasPrefix("-") }.map { names($0[...]) }
        excluding = paths.filter { $0.hasPrefix("-") }.map { names($0.dropFirst()) }
    }

    package func apply(to value: JSONValue) -> JSONValue {
        var result = value
        if !including.isEmpty { result = Self.keep(value, including) ?? .object([]) }
        if !excluding.isEmpty { result = Self.remove(result, excluding) ?? .object([]) }
        return result
    }

    /// If all that the filter does to a bulk response is to choose members of the items: those.
    ///
    /// The status must be among them, because items that become empty vanish.
    package var bulkItemMembers: Set<String>? {
        guard excluding.isEmpty else { return nil }
        var members: Set<String> = []
        var hasErrors = false
        for path in including {
            switch path.count {
            case 1 where path[0] == "errors": hasErrors = true
            case 1 where path[0] == "took": break
            case 3 where path[0] == "items" && path[1] == "*" && !path[2].contains("*"): members.insert(path[2])
            default: return nil
            }
        }
        return hasErrors && members.contains("status") ? members : nil
    }

    /// Whether the filter has this path.
    package func has(_ path: String) -> Bool { including.contains([path]) }

    // MARK: Walking

    /// What is left of the paths behind a member's name, and whether one of them ends there.
    private static func advance(_ paths: [[String]], _ name: String) -> (rest: [[String]], isEnd: Bool) {
        var rest: [[String]] = []
        var isEnd = false
        for path in paths {
            guard let first = path.first else { continue }
            if first == "**" {
                rest.append(path)
                let behind = Array(path.dropFirst())
                if behind.isEmpty {
                    isEnd = true
                } else {
                    let (more, ends) = advance([behind], name)
                    rest += more
                    isEnd = isEnd || ends
                }
            } else if IndexName.matches(name, pattern: first) {
                if path.count == 1 { isEnd = true } else { rest.append(Array(path.dropFirst())) }
            }
        }
        return (rest, isEnd)
    }

    private static func keep(_ value: JSONValue, _ paths: [[String]]) -> JSONValue? {
        switch value {
        case .object(let members):
            let kept = members.compactMap { member -> JSONValue.Member? in
                let (rest, isEnd) = advance(paths, member.key)
                if isEnd { return member }
                guard !rest.isEmpty else { return nil }
                return keep(member.value, rest).map { JSONValue.Member(key: member.key, value: $0) }
            }
            return kept.isEmpty ? nil : .object(kept)
        case .array(let elements):
            let kept = elements.compactMap { keep($0, paths) }
            return kept.isEmpty ? nil : .array(kept)
        default: return nil
        }
    }

    private static func remove(_ value: JSONValue, _ paths: [[String]]) -> JSONValue? {
        switch value {
        case .object(let members):
            let kept = members.compactMap { member -> JSONValue.Member? in
                let (rest, isEnd) = advance(paths, member.key)
                if isEnd { return nil }
                if rest.isEmpty { return member }
                return remove(member.value, rest).map { JSONValue.Member(key: member.key, value: $0) }
            }
            return kept.isEmpty && !members.isEmpty ? nil : .object(kept)
        case .array(let elements):
            let kept = elements.compactMap { remove($0, paths) }
            return kept.isEmpty && !elements.isEmpty ? nil : .array(kept)
        default: return value
        }
    }
}
