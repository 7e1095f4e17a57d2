// SPDX-License-Identifier: Apache-2.0

import Logging

/// A configuration in dictConfig's schema that was read and found right, before anything is opened for it.
struct ConfigurationPlan {
    private struct Rule {
        var level: Logger.Level?
        var handlers: [String] = []
        var propagates = true
    }

    private var handlers: [HandlerPlan] = []
    private var root = Rule(level: .warning)
    private var loggers: [(name: String, rule: Rule)] = []
    private var sanity = SanitySections()

    /// - Throws: all problems there are.
    init(_ value: ConfigurationValue, _ problems: ConfigurationProblems) throws(LogConfigurationError) {
        let node = ConfigurationNode(value: value, path: ConfigurationPath(), problems: problems)
        let known =
            ["version", "formatters", "handlers", "loggers", "root", "disable_existing_loggers"] + SanityReader.keys
        if let members = node.members(known) { read(node, members) }
        try problems.throwIfAny()
    }

    private mutating func read(_ node: ConfigurationNode, _ members: [String: ConfigurationNode]) {
        if let version = members["version"] {
            if version.value != .integer(1) { version.add("expected the number 1, found \(version.value.account)") }
        } else {
            node.add("'version' is missing; it is 1")
        }
        if let disables = members["disable_existing_loggers"], disables.boolean == true {
            disables.add("loggers that exist follow the new configuration and are never disabled; write false")
        }
        let formatters = members["formatters"]?.members ?? []
        let layouts = formatters.map { (name: $0.key, layout: FormatterSection.layout($0.node)) }
        let section = HandlerSection(layouts: layouts)
        let described = members["handlers"]?.members ?? []
        handlers = described.compactMap { section.plan($0.key, $0.node) }
        // A handler that is described wrongly is there all the same for those that name it.
        let names = described.map(\.key)
        for (name, node) in members["loggers"]?.members ?? [] {
            if name.isEmpty {
                // In Python, too, the logger without a name is the root.
                root = Self.rule(node, handlers: names, notSet: .trace, standard: .warning)
                if members["root"] != nil { node.add("this is the root, which 'root' describes, too") }
            } else {
                loggers.append((name, Self.rule(node, handlers: names, notSet: nil, standard: nil)))
            }
        }
        if let node = members["root"] {
            root = Self.rule(node, handlers: names, notSet: .trace, standard: .warning)
        }
        sanity = SanityReader.sections(members)
    }

    private static func rule(
        _ node: ConfigurationNode,
        handlers: [String],
        notSet: Logger.Level?,
        standard: Logger.Level?
    ) -> Rule {
        var rule = Rule(level: standard)
        guard let members = node.members(["level", "handlers", "propagate"]) else { return rule }
        if let level = members["level"]?.level(notSet: notSet, { $0 }) { rule.level = level }
        if let propagates = members["propagate"]?.boolean { rule.propagates = propagates }
        for element in members["handlers"]?.elements ?? [] {
            guard let name = element.string else { continue }
            if !handlers.contains(name) {
                element.add("there is no handler '\(name)'; \(NearestName.hint(for: name, among: handlers))")
            } else if !rule.handlers.contains(name) {
                // Named twice it is there once, as in Python.
                rule.handlers.append(name)
            }
        }
        return rule
    }

    /// Opens the destinations.
    ///
    /// - Parameter old: the configuration in force. What it has open for the same handler, described as it is here, goes
    ///   on.
    func configuration(after old: LogConfiguration? = nil) throws(LogConfigurationError) -> LogConfiguration {
        let open = old?.configured ?? []
        let problems = ConfigurationProblems()
        var outputs: [String: LogOutput] = [:]
        var configured: [ConfiguredDestination] = []
        for handler in handlers {
            guard let plan = handler.destination else { continue }
            do throws(SystemError) {
                let known = open.first { $0.name == handler.name && $0.plan == plan }
                let destination = if let known { known.destination } else { try plan.open() }
                outputs[handler.name] = LogOutput(destination, level: handler.level, layout: handler.layout)
                configured.append(ConfiguredDestination(name: handler.name, plan: plan, destination: destination))
            } catch {
                problems.add(handler.path.member("filename"), error.description)
            }
        }
        try problems.throwIfAny()
        func rule(_ rule: Rule) -> LoggerRule {
            LoggerRule(
                level: rule.level,
                outputs: rule.handlers.compactMap { outputs[$0] },
                propagates: rule.propagates
            )
        }
        var configuration = LogConfiguration(outputs: [])
        configuration.root = rule(root)
        configuration.loggers = Dictionary(loggers.map { ($0.name, rule($0.rule)) }) { first, _ in first }
        configuration.configured = configured
        sanity.apply(to: &configuration, over: old ?? configuration)
        return configuration
    }
}
