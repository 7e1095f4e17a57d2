// SPDX-License-Identifier: Apache-2.0

import SluiceEvents
import Yams

/// YAML text as a configuration tree: aliases and merge keys resolved, environment variables filled in.
struct YAMLDocument {
    /// How deep a configuration may nest, and how many values it may have once its aliases are resolved: a few lines
    /// of aliases to aliases would otherwise fill the memory.
    static let maximumDepth = 100
    static let maximumNodes = 250_000

    private struct TooLarge: Error {
        let position: ConfigurationPosition
        let message: String
    }

    private let file: String
    private let expansion: EnvironmentExpansion
    private let problems: ConfigurationProblems
    private var nodes = 0

    private init(file: String, environment: [String: String], problems: ConfigurationProblems) {
        self.file = file
        self.expansion = EnvironmentExpansion(environment: environment)
        self.problems = problems
    }

    /// The tree of the one document in `text`; nil, and a problem, if there is none.
    static func read(
        _ text: String,
        file: String,
        environment: [String: String],
        problems: ConfigurationProblems
    ) -> ConfigurationNode? {
        let root: Node?
        do {
            // The basic resolver leaves types alone: which text is a number is decided when it is asked for.
            root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
        } catch {
            problems.report(YAMLSyntaxProblem.problem(error, text: text, file: file))
            return nil
        }
        guard let root else {
            problems.report(
                at: ConfigurationPosition(file: file, line: 0, column: 0),
                "the file is empty",
                suggestion: "write a pipeline with 'inputs' and 'outputs'"
            )
            return nil
        }
        var document = YAMLDocument(file: file, environment: environment, problems: problems)
        do {
            return try document.node(root, path: "", depth: 0)
        } catch {
            problems.report(at: error.position, error.message, suggestion: "split it, or use fewer aliases")
            return nil
        }
    }

    private mutating func node(_ node: Node, path: String, depth: Int) throws(TooLarge) -> ConfigurationNode {
        let position = position(node.mark)
        try count(at: position, depth: depth)
        switch node {
        case .scalar(let scalar):
            return self.scalar(scalar, position: position, path: path)
        case .sequence(let sequence):
            checkTag(sequence.tag, expected: .seq, position: position, path: path)
            var elements: [ConfigurationNode] = []
            elements.reserveCapacity(sequence.count)
            for (index, element) in sequence.enumerated() {
                let path = ConfigurationNode.path(path, index: index)
                elements.append(try self.node(element, path: path, depth: depth + 1))
            }
            return ConfigurationNode(.sequence(elements), position: position, path: path)
        case .mapping(let mapping):
            checkTag(mapping.tag, expected: .map, position: position, path: path)
            let entries = try entries(mapping, path: path, depth: depth)
            return ConfigurationNode(.mapping(entries), position: position, path: path)
        case .alias:
            // The parser resolves aliases itself; only trees made by programs hold them.
            return ConfigurationNode(.null, position: position, path: path)
        }
    }

    // MARK: Mappings

    /// The entries of a mapping; those of `<<` behind its own, where its own do not name the key.
    private mutating func entries(
        _ mapping: Node.Mapping,
        path: String,
        depth: Int
    ) throws(TooLarge) -> [ConfigurationEntry] {
        var entries: [ConfigurationEntry] = []
        var merged: [ConfigurationEntry] = []
        var places: [String: ConfigurationPosition] = [:]
        for (key, value) in mapping {
            let keyPosition = position(key.mark)
            guard case .scalar(let scalar) = key, !(scalar.string.isEmpty && scalar.style == .plain) else {
                problems.report(
                    at: keyPosition,
                    path: path,
                    "a key has to be a text" + (path.isEmpty ? "" : " in \(path)"),
                    suggestion: "write key: value"
                )
                continue
            }
            if scalar.string == "<<", scalar.style == .plain {
                merged += try mergedEntries(value, path: path, depth: depth + 1)
                continue
            }
            if let first = places.updateValue(keyPosition, forKey: scalar.string) {
                problems.report(
                    at: keyPosition,
                    path: path,
                    "the key \(ConfigurationNode.quoted(scalar.string)) is given twice, first in line \(first.line)",
                    suggestion: "keep one"
                )
                continue
            }
            let value = try node(
                value,
                path: ConfigurationNode.path(path, key: scalar.string),
                depth: depth + 1
            )
            entries.append(ConfigurationEntry(key: scalar.string, keyPosition: keyPosition, value: value))
        }
        for entry in merged where places.updateValue(entry.keyPosition, forKey: entry.key) == nil {
            entries.append(entry)
        }
        return entries
    }

    /// What `<<` brings: the entries of a mapping, or of a sequence of mappings, of which earlier ones go before.
    private mutating func mergedEntries(
        _ value: Node,
        path: String,
        depth: Int
    ) throws(TooLarge) -> [ConfigurationEntry] {
        let position = position(value.mark)
        try count(at: position, depth: depth)
        switch value {
        case .mapping(let mapping):
            return try entries(mapping, path: path, depth: depth)
        case .sequence(let sequence):
            var merged: [ConfigurationEntry] = []
            for element in sequence {
                merged += try mergedEntries(element, path: path, depth: depth + 1)
            }
            return merged
        case .scalar, .alias:
            problems.report(
                at: position,
                path: path,
                "'<<' takes a mapping or a sequence of mappings",
                suggestion: "write <<: *name with an anchor &name at a mapping"
            )
            return []
        }
    }

    // MARK: Scalars

    private func scalar(_ scalar: Node.Scalar, position: ConfigurationPosition, path: String) -> ConfigurationNode {
        let isPlain: Bool
        switch scalar.tag.rawValue {
        case "": isPlain = scalar.style == .plain
        case Tag.Name.str.rawValue, "!": isPlain = false
        case Tag.Name.int.rawValue, Tag.Name.float.rawValue, Tag.Name.bool.rawValue, Tag.Name.null.rawValue:
            isPlain = true
        default:
            reportTag(scalar.tag, position: position, path: path)
            isPlain = false
        }
        if isPlain, ConfigurationScalar(plain: scalar.string) == .null {
            return ConfigurationNode(.null, position: position, path: path)
        }
        let expanded = expansion.expand(scalar.string)
        for failure in expanded.failures {
            problems.report(
                at: position,
                path: path,
                failure.message + (path.isEmpty ? "" : ", for \(path)"),
                suggestion: failure.suggestion
            )
        }
        // Where the whole value is `${NAME}` quotes say nothing about its type: inside { } they have to be there.
        let isTyped =
            switch ConfigurationScalar(plain: expanded.text) {
            case .integer, .double, .boolean: true
            case .string, .null: false
            }
        return ConfigurationNode(
            .scalar(text: expanded.text, isPlain: expanded.isWhole ? isTyped : isPlain),
            position: position,
            path: path,
            isFromEnvironment: expanded.holdsEnvironment
        )
    }

    // MARK: Checks

    private mutating func count(at position: ConfigurationPosition, depth: Int) throws(TooLarge) {
        nodes += 1
        if nodes > Self.maximumNodes {
            throw TooLarge(position: position, message: "more than \(Self.maximumNodes) values, aliases resolved")
        }
        if depth > Self.maximumDepth {
            throw TooLarge(position: position, message: "nested more than \(Self.maximumDepth) deep")
        }
    }

    private func checkTag(_ tag: Tag, expected: Tag.Name, position: ConfigurationPosition, path: String) {
        if !["", "!", expected.rawValue].contains(tag.rawValue) {
            reportTag(tag, position: position, path: path)
        }
    }

    private func reportTag(_ tag: Tag, position: ConfigurationPosition, path: String) {
        problems.report(
            at: position,
            path: path,
            "the tag \(ConfigurationNode.quoted(tag.rawValue)) means nothing here",
            suggestion: "remove it, or put a value that begins with ! into quotation marks"
        )
    }

    private func position(_ mark: Mark?) -> ConfigurationPosition {
        ConfigurationPosition(file: file, line: mark?.line ?? 0, column: mark?.column ?? 0)
    }
}
