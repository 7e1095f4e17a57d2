// SPDX-License-Identifier: Apache-2.0

import Logging

/// Reads `redaction`, `limits`, `sampling` and `repeats`, whose keys are named as the properties in Swift.
enum SanityReader {
    static let keys = ["redaction", "limits", "sampling", "repeats"]

    static func sections(_ members: [String: ConfigurationNode]) -> SanitySections {
        SanitySections(
            redaction: members["redaction"].flatMap(redaction),
            limits: members["limits"].flatMap(limits),
            sampling: members["sampling"].flatMap { $0.value == .null ? .some(nil) : sampling($0) },
            repeats: members["repeats"].flatMap { $0.value == .null ? .some(nil) : repeats($0) }
        )
    }

    private static let patterns: [(name: String, value: LogPattern)] = [
        ("creditCardNumbers", .creditCardNumbers), ("bearerTokens", .bearerTokens),
        ("emailAddresses", .emailAddresses),
    ]

    private static func redaction(_ node: ConfigurationNode) -> LogRedaction? {
        let known = ["keys", "commonKeys", "patterns", "replacement", "showsSensitiveValues"]
        guard let members = node.members(known) else { return nil }
        var redaction = LogRedaction()
        if members["commonKeys"]?.boolean == true { redaction.keys = LogRedaction.commonKeys }
        redaction.keys += members["keys"]?.elements?.compactMap(\.string) ?? []
        redaction.patterns = members["patterns"]?.elements?.compactMap { $0.choice(patterns) } ?? []
        if let replacement = members["replacement"]?.string { redaction.replacement = replacement }
        if let shows = members["showsSensitiveValues"]?.boolean { redaction.showsSensitiveValues = shows }
        return redaction
    }

    /// Null is no limit.
    private static func limits(_ node: ConfigurationNode) -> LogLimits? {
        guard let members = node.members(["valueBytes", "lineBytes"]) else { return nil }
        func limit(_ key: String, from least: Int) -> Int? {
            members[key].flatMap { $0.value == .null ? nil : $0.integer(in: least...Int.max) }
        }
        return LogLimits(valueBytes: limit("valueBytes", from: 0), lineBytes: limit("lineBytes", from: 512))
    }

    private static func sampling(_ node: ConfigurationNode) -> LogSampling? {
        guard let members = node.members(["first", "thereafter", "interval", "exemptLevel"]) else { return nil }
        for key in ["first", "thereafter"] where members[key] == nil { node.add("'\(key)' is missing") }
        var sampling = LogSampling(
            first: members["first"]?.integer(in: 0...Int.max) ?? 0,
            thereafter: members["thereafter"]?.integer(in: 0...Int.max) ?? 0
        )
        if let interval = members["interval"].flatMap(seconds) { sampling.interval = interval }
        if let exempt = members["exemptLevel"] { sampling.exemptLevel = exempt.value == .null ? nil : exempt.level }
        return sampling
    }

    private static func repeats(_ node: ConfigurationNode) -> LogRepeats? {
        guard let members = node.members(["interval"]) else { return nil }
        return members["interval"].flatMap(seconds).map { LogRepeats(interval: $0) } ?? LogRepeats()
    }

    private static func seconds(_ node: ConfigurationNode) -> Duration? { node.duration(unit: 1, called: "seconds") }
}
