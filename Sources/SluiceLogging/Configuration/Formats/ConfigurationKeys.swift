// SPDX-License-Identifier: Apache-2.0

#if Configuration
import Configuration

/// Reads a configuration from a reader of swift-configuration, which cannot say which keys there are: it is asked for
/// those that there may be.
struct ConfigurationKeys {
    let reader: ConfigSnapshotReader
    let problems: ConfigurationProblems

    /// The whole, in dictConfig's schema.
    func value() -> ConfigurationValue {
        let version = scalar(.integer, ["version"]) ?? .integer(1)
        var members = [ConfigurationValue.Member(key: "version", value: version)]
        func add(_ key: String, _ value: ConfigurationValue?) {
            if let value { members.append(ConfigurationValue.Member(key: key, value: value)) }
        }
        add("disable_existing_loggers", scalar(.boolean, ["disable_existing_loggers"]))
        var root = value(.rule, ["root"])
        let loggers = names(in: scalar(.strings, ["loggerNames"])).map { name in
            ConfigurationValue.Member(key: name, value: value(.rule, ["loggers", name]) ?? .object([]))
        }
        let rules = [root].compactMap { $0 } + loggers.map(\.value)
        var handlerNames = rules.flatMap { names(in: $0["handlers"]) }
        var handlers: [ConfigurationValue.Member] = []
        if rules.allSatisfy({ $0["handlers"] == nil }) {
            // Who says nothing of handlers wants to see something.
            handlerNames = []
            root = (root ?? .object([])).adding("handlers", .array([.string("console")]))
            let console = value(.handler, ["handlers", "console"]) ?? .object([])
            handlers.append(
                ConfigurationValue.Member(key: "console", value: console.adding("class", .string("console")))
            )
        }
        handlers += described(handlerNames, .handler, "handlers")
        let formatterNames = handlers.flatMap { names(in: $0.value["formatter"].map { .array([$0]) }) }
        add("formatters", .object(described(formatterNames, .formatter, "formatters")))
        add("handlers", .object(handlers))
        add("loggers", .object(loggers))
        add("root", root)
        for section in ConfigurationSchema.sections { add(section.key, value(section.value, [section.key])) }
        return .object(members)
    }

    /// Those of the names that something is said of, in their order and once.
    private func described(
        _ names: [String],
        _ schema: ConfigurationSchema,
        _ key: String
    ) -> [ConfigurationValue.Member] {
        var seen: Set<String> = []
        return names.compactMap { name in
            guard seen.insert(name).inserted else { return nil }
            return value(schema, [key, name]).map { ConfigurationValue.Member(key: name, value: $0) }
        }
    }

    private func names(in value: ConfigurationValue?) -> [String] {
        guard case .array(let elements) = value else { return [] }
        return elements.compactMap { if case .string(let name) = $0 { name } else { nil } }
    }

    /// Nil if none of the keys is there.
    private func value(_ schema: ConfigurationSchema, _ key: [String]) -> ConfigurationValue? {
        switch schema {
        case .object(let members): return object(members, key)
        case .either(let single, let name, let members):
            let value = scalar(single, key)
            guard var object = object(members, key), value != .boolean(false) else { return value }
            if let value, let name {
                if object[name] == nil { object = object.adding(name, value) }
            } else if value != nil, value != .boolean(true) {
                let path = key.reduce(ConfigurationPath()) { $0.member($1) }
                problems.add(path, "expected either a value or keys below it, found both")
            }
            return object
        default: return scalar(schema, key)
        }
    }

    private func object(
        _ members: [(key: String, value: ConfigurationSchema)],
        _ key: [String]
    ) -> ConfigurationValue? {
        let found = members.compactMap { member in
            value(member.value, key + [member.key]).map { ConfigurationValue.Member(key: member.key, value: $0) }
        }
        return found.isEmpty ? nil : .object(found)
    }

    /// The value of a key, of the type that it should have if it can be taken for that, and else of one that it has.
    /// Providers whose values are all text, such as environment variables, take their text for what is asked for.
    private func scalar(_ schema: ConfigurationSchema, _ key: [String]) -> ConfigurationValue? {
        let key = ConfigKey(key)
        let strings = { self.reader.stringArray(forKey: key).map(Self.array) }
        let text = { self.reader.string(forKey: key).map { $0.isEmpty ? ConfigurationValue.null : .string($0) } }
        let integer = { self.reader.int(forKey: key).map { ConfigurationValue.integer($0) } }
        let number = { self.reader.double(forKey: key).map { ConfigurationValue.double($0) } }
        let boolean = { self.reader.bool(forKey: key).map { ConfigurationValue.boolean($0) } }
        switch schema {
        case .strings: return strings() ?? text() ?? integer() ?? number() ?? boolean()
        case .integer: return integer() ?? number() ?? text() ?? boolean() ?? strings()
        case .number: return number() ?? text() ?? boolean() ?? strings()
        case .boolean: return boolean() ?? text() ?? strings()
        default: return text() ?? integer() ?? number() ?? boolean() ?? strings()
        }
    }

    /// What is empty is a list without elements, where lists are text with commas.
    private static func array(_ elements: [String]) -> ConfigurationValue {
        .array(elements == [""] ? [] : elements.map { .string($0) })
    }
}

extension ConfigurationValue {
    /// The value of a key of an object.
    fileprivate subscript(key: String) -> ConfigurationValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The object with one member more, unless it has one of that key.
    fileprivate func adding(_ key: String, _ value: ConfigurationValue) -> ConfigurationValue {
        guard case .object(let members) = self, self[key] == nil else { return self }
        return .object(members + [Member(key: key, value: value)])
    }
}
#endif
