// SPDX-License-Identifier: Apache-2.0

// Options by type. A key that is absent, or present without a value, has its default. Numbers and booleans may be
// quoted, as in Filebeat: `port: "9200"`.

extension ConfigurationSection {
    /// Text. A number or a boolean is taken as it was written: `version: 1.10` is `1.10`.
    package func string(_ key: String, default value: String) -> String {
        optionalString(key) ?? value
    }

    /// Text, or nil if it is absent or of a wrong type.
    package func optionalString(_ key: String) -> String? {
        present(key).flatMap { text($0, expected: "a string") }
    }

    /// Text that has to be there and not empty; nil, and reported, if it is not.
    package func requiredString(_ key: String) -> String? {
        guard let node = present(key) else {
            reportMissing(key, expected: "a string")
            return nil
        }
        guard let text = text(node, expected: "a string") else { return nil }
        if text.isEmpty {
            reportWrongType(node, expected: "a string that is not empty")
            return nil
        }
        return text
    }

    /// A sequence of strings, or a single one; empty if the key is absent.
    package func strings(_ key: String) -> [String] {
        guard let node = present(key) else { return [] }
        if node.text != nil { return [node.text].compactMap(\.self) }
        guard let elements = node.elements else {
            reportWrongType(node, expected: "a sequence of strings")
            return []
        }
        return elements.compactMap { text($0, expected: "a string") }
    }

    /// A whole number within `range`: decimal, `0x` or `0o`.
    package func integer(
        _ key: String,
        default value: Int,
        in range: ClosedRange<Int> = Int.min...Int.max
    ) -> Int {
        optionalInteger(key, in: range) ?? value
    }

    /// A whole number within `range`, or nil if it is absent or wrong.
    package func optionalInteger(_ key: String, in range: ClosedRange<Int> = Int.min...Int.max) -> Int? {
        guard let node = present(key) else { return nil }
        let expected = "a whole number" + Self.words(range)
        return parsed(node, expected: expected) { text in
            ConfigurationScalar.integer(text).flatMap { Int(exactly: $0) }.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A number within `range`; infinity and not-a-number are none.
    package func double(
        _ key: String,
        default value: Double,
        in range: ClosedRange<Double> = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    ) -> Double {
        guard let node = present(key) else { return value }
        var expected = "a number"
        if range.lowerBound != -Double.greatestFiniteMagnitude || range.upperBound != .greatestFiniteMagnitude {
            expected += " from \(range.lowerBound) to \(range.upperBound)"
        }
        return parsed(node, expected: expected) { text in
            ConfigurationScalar.double(text).flatMap { range.contains($0) ? $0 : nil }
        } ?? value
    }

    /// `true` or `false`; as in YAML 1.1 and Filebeat also `yes`, `no`, `on`, `off`. Lower case, upper case or a
    /// capital first.
    package func boolean(_ key: String, default value: Bool) -> Bool {
        guard let node = present(key) else { return value }
        return parsed(node, expected: "true or false") { text in
            switch text {
            case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": true
            case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": false
            default: nil
            }
        } ?? value
    }

    /// Nanoseconds, written as Go does: `1s`, `500ms`, `1h30m`; a number alone is seconds. Negative only if `range`
    /// has negatives.
    package func duration(
        _ key: String,
        default value: Int64,
        in range: ClosedRange<Int64> = 0...Int64.max
    ) -> Int64 {
        optionalDuration(key, in: range) ?? value
    }

    /// Nanoseconds, or nil if the key is absent or wrong.
    package func optionalDuration(_ key: String, in range: ClosedRange<Int64> = 0...Int64.max) -> Int64? {
        guard let node = present(key) else { return nil }
        var expected = "a duration such as 500ms, 1s or 1h30m"
        if range.lowerBound > 0 { expected += " (at least \(DurationText.text(range.lowerBound)))" }
        if range.upperBound < .max { expected += " (at most \(DurationText.text(range.upperBound)))" }
        return parsed(node, expected: expected) { text in
            DurationText.nanoseconds(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// Bytes, written as a number or with a unit: `5MB` is 5,000,000, `10MiB` is 10,485,760.
    package func bytes(_ key: String, default value: Int, in range: ClosedRange<Int> = 0...Int.max) -> Int {
        optionalBytes(key, in: range) ?? value
    }

    /// Bytes, or nil if the key is absent or wrong.
    package func optionalBytes(_ key: String, in range: ClosedRange<Int> = 0...Int.max) -> Int? {
        guard let node = present(key) else { return nil }
        var expected = "a size such as 1048576, 5MB or 10MiB"
        if range.lowerBound > 0 { expected += " (at least \(range.lowerBound) bytes)" }
        if range.upperBound < .max { expected += " (at most \(range.upperBound) bytes)" }
        return parsed(node, expected: expected) { text in
            ByteSizeText.bytes(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// One of the cases of an enumeration, by its raw value, letter case aside.
    package func choice<Choice>(_ key: String, of choices: Choice.Type = Choice.self, default value: Choice) -> Choice
    where Choice: RawRepresentable<String> & CaseIterable {
        optionalChoice(key, of: choices) ?? value
    }

    /// One of the cases of an enumeration, or nil if the key is absent or wrong.
    package func optionalChoice<Choice>(_ key: String, of choices: Choice.Type = Choice.self) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        guard let node = present(key) else { return nil }
        let names = Choice.allCases.map(\.rawValue)
        let expected = "one of " + names.joined(separator: ", ")
        guard let text = text(node, expected: expected) else { return nil }
        if let exact = Choice(rawValue: text) { return exact }
        if let match = Choice.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) { return match }
        let nearest = node.isFromEnvironment ? nil : NearestName.nearest(to: text, among: names)
        problems.report(
            node,
            "expected \(expected) for \(node.path), found \(node.inWords)",
            suggestion: nearest.map { "did you mean '\($0)'?" }
        )
        return nil
    }

    /// A value whose type is the user's choice; nil, and reported, if it is a sequence or a mapping.
    package func scalarValue(_ node: ConfigurationNode) -> ConfigurationScalar? {
        if let value = node.scalarValue { return value }
        reportWrongType(node, expected: "a string, a number or a boolean")
        return nil
    }

    /// The text of a scalar, whatever it looks like.
    private func text(_ node: ConfigurationNode, expected: String) -> String? {
        if let text = node.text { return text }
        reportWrongType(node, expected: expected)
        return nil
    }

    private func parsed<Value>(
        _ node: ConfigurationNode,
        expected: String,
        _ parse: (String) -> Value?
    ) -> Value? {
        guard let text = text(node, expected: expected) else { return nil }
        if let value = parse(text) { return value }
        reportWrongType(node, expected: expected)
        return nil
    }

    private static func words(_ range: ClosedRange<Int>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (.min, .max): ""
        case (let low, .max): " (at least \(low))"
        case (.min, let high): " (at most \(high))"
        case (let low, let high): " from \(low) to \(high)"
        }
    }
}
