// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

extension ElasticsearchSetupOptions {
    /// Reads `setup` of an output: `true`, or a mapping, which means `true` unless it says `enabled: false`. Problems are
    /// reported.
    init(_ output: ConfigurationSection, index: FormatString) {
        self.init(index: index)
        guard let node = output.node("setup"), !node.isNull else { return }
        guard node.entries != nil, let section = output.section("setup") else {
            isAsked = output.boolean("setup", default: false)
            checkPattern(output, node)
            return
        }
        isAsked = section.boolean("enabled", default: true)
        let overwrites = section.boolean("overwrite", default: false)
        isDataStream = section.boolean("data_stream", default: isDataStream)
        if !isDataStream { dataStream = nil } else if dataStream == nil { dataStream = index.constant }
        template.overwrites = overwrites
        lifecycle.overwrites = overwrites
        readTemplate(section, index)
        readLifecycle(section)
        checkPattern(output, section.node("template.pattern") ?? node)
    }

    private mutating func readTemplate(_ section: ConfigurationSection, _ index: FormatString) {
        template.isEnabled = section.boolean("template.enabled", default: true)
        template.name = readName("template.name", section) ?? template.name
        lifecycle.policyName = template.name
        template.pattern = section.string("template.pattern", default: template.pattern)
        template.priority = section.integer("template.priority", default: template.priority, in: 0...1_000_000)
        template.overwrites = section.boolean("template.overwrite", default: template.overwrites)
        template.timestamp = section.choice("template.timestamp", default: template.timestamp)
        template.settings = Self.readObject("template.settings", section).expanded
        template.mappings = Self.readObject("template.mappings", section)
        guard let node = section.node("template.pattern"), !node.isNull, let name = index.constant else { return }
        if !IndexPattern.matches(name, pattern: template.pattern) {
            section.report(
                node,
                "\(node.inWords) does not match the index '\(name)'",
                suggestion: "write a pattern that does, or leave it out"
            )
        }
    }

    private mutating func readLifecycle(_ section: ConfigurationSection) {
        let isPolicy = Self.optionalBoolean("ilm.enabled", section)
        let isOwn = Self.optionalBoolean("dsl.enabled", section)
        if isPolicy == true, isOwn == true, let node = section.node("dsl.enabled") {
            section.report(node, "'ilm' and 'dsl' both say how events go: enable one of them")
        }
        if isOwn == true {
            lifecycle.kind = .dataStream
            if !isDataStream, let node = section.node("dsl.enabled") {
                section.report(node, "'dsl' is for data streams, and an index with a date is none: use 'ilm'")
            }
        } else if isPolicy == true {
            lifecycle.kind = .policy
        } else if isPolicy == false {
            lifecycle.kind = .none
        }
        lifecycle.policyName = readName("ilm.policy_name", section) ?? lifecycle.policyName
        lifecycle.overwrites = section.boolean("ilm.overwrite", default: lifecycle.overwrites)
        lifecycle.checksExistence = section.boolean("ilm.check_exists", default: true)
        lifecycle.policy = Self.readPolicyFile(section)
        lifecycle.maximumAge = Self.readAge("rollover.max_age", section) ?? lifecycle.maximumAge
        lifecycle.maximumPrimaryShardSize =
            Self.readSize("rollover.max_primary_shard_size", section) ?? lifecycle.maximumPrimaryShardSize
        lifecycle.retention = Self.readAge("retention", section)
        if lifecycle.kind == .none, lifecycle.retention != nil, let node = section.node("retention") {
            section.report(node, "nothing deletes old events with 'ilm.enabled: false'", suggestion: "take one out")
        }
    }

    private func checkPattern(_ output: ConfigurationSection, _ node: ConfigurationNode) {
        guard template.isEnabled, let problem = IndexPattern.problem(template.pattern, isDataStream: isDataStream)
        else {
            return
        }
        output.report(
            node,
            "a template for '\(template.pattern)' is not set up: \(problem)",
            suggestion: "begin the index with a name of its own, or say which with 'setup.template.pattern'"
        )
    }

    // MARK: Values

    private static func optionalBoolean(_ key: String, _ section: ConfigurationSection) -> Bool? {
        guard let node = section.node(key), !node.isNull else { return nil }
        if node.text == "auto" { return nil }
        return section.boolean(key, default: true)
    }

    /// A part of a path.
    private func readName(_ key: String, _ section: ConfigurationSection) -> String? {
        guard let name = section.optionalString(key), let node = section.node(key) else { return nil }
        if let problem = IndexName.problem(name) {
            section.report(node, "\(node.inWords) cannot be a name there: \(problem)")
            return nil
        }
        return name
    }

    private static func readObject(_ key: String, _ section: ConfigurationSection) -> JSONContent {
        guard let node = section.node(key), !node.isNull else { return .object([:]) }
        guard node.entries != nil else {
            section.reportWrongType(node, expected: "a mapping")
            return .object([:])
        }
        return JSONText.json(node).withByteView { try? JSONContent.parse($0) } ?? .object([:])
    }

    private static func readPolicyFile(_ section: ConfigurationSection) -> JSONContent? {
        guard let path = section.optionalString("ilm.policy_file"), let node = section.node("ilm.policy_file") else {
            return nil
        }
        do throws(TransportError) {
            let text = try TLSFile.read(.file(path))
            if let policy = text.withByteView({ try? JSONContent.parse($0) }), policy.members != nil { return policy }
            section.report(node, "\(node.inWords) holds no JSON object", suggestion: "write a lifecycle policy into it")
        } catch {
            section.report(node, error.description, suggestion: "write the path of a lifecycle policy in JSON")
        }
        return nil
    }

    /// A duration of Elasticsearch, which has days and nothing but one unit.
    private static func readAge(_ key: String, _ section: ConfigurationSection) -> String? {
        readNumber(key, section, units: ["d", "h", "m", "s"], expected: "a duration such as 30d or 12h")
    }

    private static func readSize(_ key: String, _ section: ConfigurationSection) -> String? {
        readNumber(key, section, units: ["b", "kb", "mb", "gb", "tb", "pb"], expected: "a size such as 50gb")
    }

    private static func readNumber(
        _ key: String,
        _ section: ConfigurationSection,
        units: [String],
        expected: String
    ) -> String? {
        guard let text = section.optionalString(key)?.lowercased(), let node = section.node(key) else { return nil }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), number > 0, units.contains(String(text.dropFirst(digits.count))) else {
            section.reportWrongType(node, expected: expected)
            return nil
        }
        return text
    }
}
