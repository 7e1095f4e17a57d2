// SPDX-License-Identifier: Apache-2.0

import Logging

/// A value and its place in the configuration. What is not as expected becomes a problem, and nil is returned.
struct ConfigurationNode {
    let value: ConfigurationValue
    let path: ConfigurationPath
    let problems: ConfigurationProblems

    func add(_ message: String) { problems.add(path, message) }

    private func expected<Value>(_ what: String) -> Value? {
        add("expected \(what), found \(value.account)")
        return nil
    }

    var string: String? {
        if case .string(let text) = value { text } else { expected("a string") }
    }

    var boolean: Bool? {
        if case .boolean(let flag) = value { flag } else { expected("true or false") }
    }

    func integer(in range: ClosedRange<Int>) -> Int? {
        guard case .integer(let number) = value else { return expected("a whole number") }
        guard range.contains(number) else {
            let upper = range.upperBound == .max ? "up" : "to \(range.upperBound)"
            return expected("a whole number from \(range.lowerBound) \(upper)")
        }
        return number
    }

    /// A length of time, written as a number of so many seconds each.
    func duration(unit: Int, called name: String) -> Duration? {
        // A hundred years are more than anybody wants, and far from where the arithmetic ends.
        let most = Double(3_155_760_000 / unit)
        switch value {
        case .integer(let number) where number >= 0 && Double(number) <= most: return .seconds(number * unit)
        case .double(let number) where number >= 0 && number <= most: return .seconds(number * Double(unit))
        default: return expected("a number of \(name)")
        }
    }

    /// One of some names, in upper or lower case.
    func choice<Value>(_ choices: [(name: String, value: Value)]) -> Value? {
        guard let text = string else { return nil }
        if let found = choices.first(where: { $0.name.lowercased() == text.lowercased() }) { return found.value }
        add("'\(text)' is not known; \(NearestName.hint(for: text, among: choices.map(\.name)))")
        return nil
    }

    /// A level by the name that Python has for it, or `TRACE` or `NOTICE`.
    ///
    /// - Parameter notSet: what Python's `NOTSET` means here; an optional, so that it can mean nothing at all.
    func level<Value>(notSet: Value, _ make: (Logger.Level) -> Value) -> Value? {
        guard case .string(let text) = value else { return expected("the name of a level") }
        switch text.uppercased() {
        case "TRACE": return make(.trace)
        case "DEBUG": return make(.debug)
        case "INFO": return make(.info)
        case "NOTICE": return make(.notice)
        case "WARNING", "WARN": return make(.warning)
        case "ERROR": return make(.error)
        case "CRITICAL", "FATAL": return make(.critical)
        case "NOTSET": return notSet
        default:
            let names = ["TRACE", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL"]
            add("there is no level '\(text)'; \(NearestName.hint(for: text, among: names))")
            return nil
        }
    }

    var level: Logger.Level? { level(notSet: .trace) { $0 } }

    var elements: [ConfigurationNode]? {
        guard case .array(let values) = value else { return expected("an array") }
        return values.enumerated().map { ConfigurationNode(value: $1, path: path.element($0), problems: problems) }
    }

    /// The members of an object whose keys are names that the configuration gives.
    var members: [(key: String, node: ConfigurationNode)]? {
        guard case .object(let members) = value else { return expected("an object") }
        return members.map {
            ($0.key, ConfigurationNode(value: $0.value, path: path.member($0.key), problems: problems))
        }
    }

    /// The members of an object whose keys are given; others are problems.
    func members(_ known: [String]) -> [String: ConfigurationNode]? {
        guard let members else { return nil }
        for (key, node) in members where !known.contains(key) {
            node.add("unknown key; \(NearestName.hint(for: key, among: known))")
        }
        return Dictionary(members) { first, _ in first }
    }
}
