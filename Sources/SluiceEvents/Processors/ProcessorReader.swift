// SPDX-License-Identifier: Apache-2.0

/// Makes processors of what a configuration says.
struct ProcessorReader {
    let context: ProcessorContext
    let problems: ConfigurationProblems

    /// Reads a sequence of processors; a single mapping is taken for a sequence of one, as in Filebeat's `then`.
    func list(_ node: ConfigurationNode) -> [any Processor] {
        if node.isNull { return [] }
        if node.entries != nil { return processor(node).map { [$0] } ?? [] }
        guard let elements = node.elements else {
            problems.report(
                node,
                "expected a sequence of processors" + (node.path.isEmpty ? "" : " for \(node.path)")
                    + ", found \(node.inWords)"
            )
            return []
        }
        return elements.compactMap(processor)
    }

    private func processor(_ node: ConfigurationNode) -> (any Processor)? {
        guard let entries = node.entries, let first = entries.first else {
            problems.report(
                node,
                "expected a mapping with the name of a processor for \(node.path), found \(node.inWords)",
                suggestion: node.text.map { "write '\($0):'" }
            )
            return nil
        }
        let names = entries.map { String($0.key.prefix { $0 != "." }) }
        if names.contains("if") || names.contains("then") || names.contains("else") { return branch(node) }
        for (name, entry) in zip(names, entries) where name != names[0] {
            problems.report(
                at: entry.keyPosition,
                path: node.path,
                "\(ConfigurationNode.quoted(name)) stands beside the processor \(ConfigurationNode.quoted(names[0]))",
                suggestion: ProcessorTable.makers[name] == nil
                    ? "its options, 'when' included, stand below its name, indented further"
                    : "give each processor a dash of its own"
            )
            return nil
        }
        guard let maker = ProcessorTable.makers[names[0]] else {
            problems.report(
                at: first.keyPosition,
                path: node.path,
                "unknown processor \(ConfigurationNode.quoted(names[0]))"
                    + (node.path.isEmpty ? "" : " in \(node.path)"),
                suggestion: ConfigurationProblems.suggestion(for: names[0], known: ProcessorTable.makers.keys)
            )
            return nil
        }
        let outer = ConfigurationSection(node, problems: problems)
        guard let section = outer.section(names[0]) else { return nil }
        let processor = maker(section, context)
        let condition = section.node("when").map { ConditionTable.condition($0, problems: problems) }
        section.finish()
        guard let processor else { return nil }
        guard let condition else { return processor }
        return condition.map { ConditionalProcessor($0, processor) }
    }

    private func branch(_ node: ConfigurationNode) -> (any Processor)? {
        let section = ConfigurationSection(node, problems: problems)
        defer { section.finish() }
        guard let question = section.node("if") else {
            section.reportMissing("if", expected: "a condition")
            return nil
        }
        guard let then = section.node("then"), !then.isNull else {
            section.reportMissing("then", expected: "the processors to run where the condition holds")
            return nil
        }
        let otherwise = section.node("else")
        let condition = ConditionTable.condition(question, problems: problems)
        let whenTrue = list(then)
        let whenFalse = otherwise.map { list($0) } ?? []
        return condition.map { BranchProcessor($0, whenTrue: whenTrue, whenFalse: whenFalse) }
    }
}
