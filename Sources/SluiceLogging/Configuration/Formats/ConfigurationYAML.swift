// SPDX-License-Identifier: Apache-2.0

#if YAML
import Yams

/// Reads a configuration that is written in YAML 1.2: one document, its aliases and merge keys (`<<`, of YAML 1.1)
/// resolved, its scalars typed by the core schema.
struct ConfigurationYAML {
    /// A few lines of aliases to aliases would otherwise fill the memory.
    private static let maximumValues = 100_000
    private static let maximumDepth = 100

    private struct TooLarge: Error {
        var mark: Mark?
        var limit: String
    }

    private let problems: ConfigurationProblems
    private var values = 0

    private init(_ problems: ConfigurationProblems) { self.problems = problems }

    /// The value that the whole text is; nil, and a problem, if it is none.
    static func value(of text: String, _ problems: ConfigurationProblems) -> ConfigurationValue? {
        var reader = ConfigurationYAML(problems)
        do {
            // The basic resolver leaves scalars as they are written.
            guard let root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot() else {
                problems.add(ConfigurationPath(), "the text is empty")
                return nil
            }
            return try reader.value(root, ConfigurationPath(), depth: 0)
        } catch let error as TooLarge {
            reader.add(ConfigurationPath(), error.mark, error.limit)
        } catch let error as YamlError {
            reader.add(error, text)
        } catch {
            problems.add(ConfigurationPath(), "not YAML")
        }
        return nil
    }

    private mutating func value(_ node: Node, _ path: ConfigurationPath, depth: Int) throws(TooLarge)
        -> ConfigurationValue
    {
        try count(node, depth: depth)
        switch node {
        case .scalar(let scalar): return self.scalar(scalar, path)
        case .sequence(let sequence):
            check(sequence.tag, .seq, node.mark, path)
            var elements: [ConfigurationValue] = []
            for element in sequence {
                elements.append(try value(element, path.element(elements.count), depth: depth + 1))
            }
            return .array(elements)
        case .mapping(let mapping):
            check(mapping.tag, .map, node.mark, path)
            return .object(try members(mapping, path, depth: depth))
        // The parser resolves aliases itself; only trees that a program made have some.
        case .alias: return .null
        }
    }

    private mutating func count(_ node: Node, depth: Int) throws(TooLarge) {
        values += 1
        if values > Self.maximumValues {
            throw TooLarge(mark: node.mark, limit: "there are more than \(Self.maximumValues) values, aliases resolved")
        }
        if depth > Self.maximumDepth {
            throw TooLarge(mark: node.mark, limit: "values are nested more than \(Self.maximumDepth) deep")
        }
    }

    /// The members of a mapping; those of `<<` behind its own, where its own do not have the key.
    private mutating func members(
        _ mapping: Node.Mapping,
        _ path: ConfigurationPath,
        depth: Int
    ) throws(TooLarge) -> [ConfigurationValue.Member] {
        var members: [ConfigurationValue.Member] = []
        var merged: [ConfigurationValue.Member] = []
        var seen: Set<String> = []
        for (key, node) in mapping {
            guard case .scalar(let name) = key else {
                add(path, key.mark, "a key must be text, not a sequence or a mapping")
                continue
            }
            if name.string == "<<", name.style == .plain {
                merged += try self.merged(node, path, depth: depth + 1)
            } else if seen.insert(name.string).inserted {
                let value = try value(node, path.member(name.string), depth: depth + 1)
                members.append(ConfigurationValue.Member(key: name.string, value: value))
            } else {
                add(path.member(name.string), key.mark, "the key is there twice")
            }
        }
        return members + merged.filter { seen.insert($0.key).inserted }
    }

    /// What `<<` brings: the members of a mapping, or of a sequence of mappings, of which earlier ones go before.
    private mutating func merged(
        _ node: Node,
        _ path: ConfigurationPath,
        depth: Int
    ) throws(TooLarge) -> [ConfigurationValue.Member] {
        try count(node, depth: depth)
        switch node {
        case .mapping(let mapping): return try members(mapping, path, depth: depth)
        case .sequence(let sequence):
            var members: [ConfigurationValue.Member] = []
            for element in sequence { members += try merged(element, path, depth: depth + 1) }
            return members
        case .scalar, .alias:
            add(path, node.mark, "'<<' takes a mapping or a sequence of mappings, as in '<<: *name'")
            return []
        }
    }

    private func scalar(_ scalar: Node.Scalar, _ path: ConfigurationPath) -> ConfigurationValue {
        let plain = YAMLScalar.value(of: scalar.string)
        switch scalar.tag.rawValue {
        case "": return scalar.style == .plain ? plain : .string(scalar.string)
        case "!", Tag.Name.str.rawValue: return .string(scalar.string)
        case Tag.Name.null.rawValue: if case .null = plain { return plain }
        case Tag.Name.bool.rawValue: if case .boolean = plain { return plain }
        case Tag.Name.int.rawValue: if case .integer = plain { return plain }
        case Tag.Name.float.rawValue:
            if case .integer(let number) = plain { return .double(Double(number)) }
            if case .double = plain { return plain }
        default:
            addUnknown(scalar.tag, scalar.mark, path)
            return .null
        }
        add(path, scalar.mark, "'\(scalar.string)' is not what its tag \(Self.short(scalar.tag)) says")
        return .null
    }

    private func check(_ tag: Tag, _ expected: Tag.Name, _ mark: Mark?, _ path: ConfigurationPath) {
        if !["", "!", expected.rawValue].contains(tag.rawValue) { addUnknown(tag, mark, path) }
    }

    private func addUnknown(_ tag: Tag, _ mark: Mark?, _ path: ConfigurationPath) {
        let advice = "put a value that begins with ! into quotation marks"
        add(path, mark, "the tag \(Self.short(tag)) means nothing here; \(advice)")
    }

    private static func short(_ tag: Tag) -> String {
        let prefix = "tag:yaml.org,2002:"
        return tag.rawValue.hasPrefix(prefix) ? "!!" + tag.rawValue.dropFirst(prefix.count) : tag.rawValue
    }

    /// Columns count characters.
    private func add(_ path: ConfigurationPath, _ mark: Mark?, _ message: String) {
        guard let mark else { return problems.add(path, message) }
        problems.add(path, "line \(mark.line), column \(mark.column): \(message)")
    }

    private func add(_ error: YamlError, _ text: String) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            if problem == "but found another document" {
                return add(ConfigurationPath(), mark, "a second document begins here; a configuration is one")
            }
            // What was left open is noticed at the end of the text; where it begins is the better place.
            let isAtEnd = problem.contains("end of stream")
            let place = isAtEnd ? context?.mark ?? mark : mark
            var reason = problem
            if let context {
                let isElsewhere = context.mark.line != place.line && context.mark.line > 0
                let beginning = isElsewhere ? " that begins in line \(context.mark.line)" : ""
                reason = "\(context.text)\(beginning), \(problem)"
            }
            add(ConfigurationPath(), place, "not YAML: \(reason)")
        case .duplicatedKeysInMapping(let keys, let context):
            for key in keys { add(ConfigurationPath(), context.mark, "the key '\(key)' is there twice in one mapping") }
        case .reader(let problem, let offset, _, _):
            let before = text.prefix(offset ?? 0).unicodeScalars
            let line = before.count { $0 == "\n" } + 1
            let column = before.reversed().prefix { $0 != "\n" }.count + 1
            problems.add(ConfigurationPath(), "line \(line), column \(column): not YAML: \(problem)")
        default: problems.add(ConfigurationPath(), "not YAML: \(error)")
        }
    }
}
#endif
