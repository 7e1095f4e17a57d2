// SPDX-License-Identifier: Apache-2.0

/// Every parser by its name in a configuration. A new one is a file of its own and a line here.
package enum ParserTable {
    /// Makes a parser from its options, or reports why not. Called once for each worker.
    package typealias Maker = @Sendable (ConfigurationSection) -> (any EventParser)?

    package static let makers: [String: Maker] = [
        // Framing takes the container's lines apart; what is left of each is text.
        "container": { section in
            _ = ContainerOptions(section)
            return PlainParser()
        },
        "json": { JSONEventParser(JSONParserOptions($0)) },
        "none": { _ in PlainParser() },
    ]

    /// Those that need to know of the machine, such as its time zones.
    package static let contextMakers:
        [String: @Sendable (ConfigurationSection, ProcessorContext) -> (any EventParser)?] = [
            "syslog": { SyslogEventParser($0, $1) }
        ]

    /// Reads `parse: json`, `parse: {json: {…options}}` or `parse: {type: json, …options}`; without any, lines stay
    /// text.
    ///
    /// - Returns: nil if something is wrong, and reported.
    package static func parser(
        _ node: ConfigurationNode?,
        context: ProcessorContext = ProcessorContext(),
        problems: ConfigurationProblems
    ) -> (any EventParser)? {
        guard let node, !node.isNull else { return PlainParser() }
        if let name = node.text {
            let empty = ConfigurationNode(.null, position: node.position, path: node.path)
            return make(name, ConfigurationSection(empty, problems: problems), context, at: node.position, path: "")
        }
        guard let entries = node.entries, let first = entries.first else {
            problems.report(
                node,
                "expected the name of a parser for \(node.path), found \(node.inWords)",
                suggestion: known
            )
            return nil
        }
        let section = ConfigurationSection(node, problems: problems)
        if let type = section.node("type") {
            guard let name = type.text else {
                section.reportWrongType(type, expected: "the name of a parser")
                return nil
            }
            return make(name, section, context, at: type.position, path: node.path)
        }
        let name = String(first.key.prefix { $0 != "." })
        if let other = entries.first(where: { $0.key.prefix { $0 != "." } != name }) {
            problems.report(
                at: other.keyPosition,
                path: node.path,
                "\(ConfigurationNode.quoted(other.key)) stands beside the parser \(ConfigurationNode.quoted(name))",
                suggestion: "name one parser, and its options below it"
            )
            return nil
        }
        guard isKnown(name), let options = section.section(name) else {
            return make(name, section, context, at: first.keyPosition, path: node.path)
        }
        return make(name, options, context, at: first.keyPosition, path: node.path)
    }

    /// What `parse: container` asks of framing, in any of the forms that `parser` takes; nil if it asks for something
    /// else. What is wrong is reported there.
    package static func containerOptions(_ node: ConfigurationNode?) -> ContainerOptions? {
        guard let node, !node.isNull else { return nil }
        if let name = node.text { return name == "container" ? ContainerOptions() : nil }
        let section = ConfigurationSection(node, problems: ConfigurationProblems())
        if let type = section.node("type") { return type.text == "container" ? ContainerOptions(section) : nil }
        guard node.entries?.first?.key.prefix(while: { $0 != "." }) == "container" else { return nil }
        return section.section("container").map { ContainerOptions($0) }
    }

    private static func make(
        _ name: String,
        _ section: ConfigurationSection,
        _ context: ProcessorContext,
        at position: ConfigurationPosition,
        path: String
    ) -> (any EventParser)? {
        if let maker = contextMakers[name] {
            defer { section.finish() }
            return maker(section, context)
        }
        guard let maker = makers[name] else {
            section.problems.report(
                at: position,
                path: path,
                "unknown parser \(ConfigurationNode.quoted(name))",
                suggestion: ConfigurationProblems.suggestion(for: name, known: names)
            )
            return nil
        }
        defer { section.finish() }
        return maker(section)
    }

    private static func isKnown(_ name: String) -> Bool { makers[name] != nil || contextMakers[name] != nil }

    private static var names: [String] { Array(makers.keys) + Array(contextMakers.keys) }

    private static var known: String {
        "known here: " + names.sorted().map { ConfigurationNode.quoted($0) }.joined(separator: ", ")
    }
}
