// SPDX-License-Identifier: Apache-2.0

#if YAML
import Logging
import SluiceLogging
import Testing

@Suite("Configuration in YAML")
struct ConfigurationYAMLTests {
    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    private func problems(_ yaml: String) -> String {
        do throws(LogConfigurationError) {
            _ = try LogConfiguration(yaml: yaml)
            return ""
        } catch {
            return error.description
        }
    }

    /// All that can be seen of a configuration.
    private func account(of configuration: LogConfiguration) -> [String] {
        func account(of rule: LoggerRule) -> String {
            let outputs = rule.outputs.map { output in
                let file = output.destination as? RotatingFile
                let destination = file.map { "\($0.path) \($0.rotation) \($0.retention) \($0.sync)" }
                return "\(destination ?? "\(ObjectIdentifier(output.destination))") \(output.level) \(output.layout)"
            }
            return "\(String(describing: rule.level)) \(rule.propagates) \(outputs)"
        }
        let loggers = configuration.loggers.sorted { $0.key < $1.key }.map { "\($0.key) \(account(of: $0.value))" }
        return [account(of: configuration.root)] + loggers
    }

    @Test("The example says the same in YAML as in JSON")
    func example() throws {
        let directory = try TemporaryDirectory()
        let accounts = try ["json", "yaml"].map { name in
            let text = try #require(TemporaryDirectory.read("\(Self.root)/Examples/logging.\(name)"))
            let path = "\(directory.path)/logging.\(name)"
            try TemporaryDirectory.write(text.replacing("/var/log/mlops", with: directory.path), to: path)
            return account(of: try LogConfiguration(contentsOfFile: path))
        }
        #expect(accounts[0] == accounts[1])
        #expect(accounts[0].count == 3)
    }

    @Test("A file is YAML by its name, and is loaded again as what it is", arguments: ["yml", "YAML"])
    func names(_ name: String) throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/logging.\(name)"
        func write(_ level: String) throws {
            try TemporaryDirectory.write("version: 1\nroot: {level: \(level)}\n", to: path)
        }
        try write("ERROR")
        let engine = LogEngine(try LogConfiguration(contentsOfFile: path))
        #expect(engine.level(of: "x") == .error)
        try write("debug")
        try engine.reload(contentsOfFile: path)
        #expect(engine.level(of: "x") == .debug)
        try write("[]")
        #expect(throws: LogConfigurationError.self) { try engine.reload(contentsOfFile: path) }
        #expect(engine.level(of: "x") == .debug)
    }

    @Test("Text that is not UTF-8 is a problem")
    func encoding() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/logging.yaml"
        try TemporaryDirectory.write(bytes: Array("version: 1 # ".utf8) + [0xff], to: path)
        #expect {
            try LogConfiguration(contentsOfFile: path)
        } throws: {
            "\($0)" == "\(path) is not UTF-8"
        }
    }

    @Test(
        "Scalars mean what the core schema of YAML 1.2 says",
        arguments: [
            ("12", "the number 12"), ("-0", "the number 0"), ("+7", "the number 7"), ("012", "the number 12"),
            ("0o14", "the number 12"), ("0xfF", "the number 255"), ("1.5", "the number 1.5"),
            ("-1e3", "the number -1000.0"), (".5", "the number 0.5"), ("5.", "the number 5.0"),
            ("1.e+2", "the number 100.0"), ("-.inf", "the number -inf"), (".NaN", "the number nan"),
            ("99999999999999999999", "the number 1e+20"), ("True", "true"), ("FALSE", "false"),
            ("!!int '3'", "the number 3"), ("!!float 3", "the number 3.0"), ("!!bool 'true'", "true"),
            ("[]", "an array"), ("{}", "an object"),
        ]
    )
    func typed(_ text: String, account: String) {
        #expect(
            problems("version: 1\nformatters:\n  f:\n    keys:\n      level: \(text)\n")
                == "formatters.f.keys.level: expected a string, found \(account)"
        )
    }

    @Test(
        "Other scalars are text, and null is null",
        arguments: [
            "yes", "no", "on", "off", "tRUE", "04:30", "2026-11-22", "1_000", "0b1", "0o8", "0x", "0x-1", "1e", ".",
            "+", "+-1", "1.5.2", "inf", ".iNF", "'12'", "\"true\"", "!!str 12", "! 12", "|\n        12", "nULL",
            "", "~", "null", "Null", "NULL", "!!null ''",
        ]
    )
    func untyped(_ text: String) {
        #expect(problems("version: 1\nformatters:\n  f:\n    keys:\n      level: \(text)\n") == "")
    }

    @Test("Aliases stand for what they name, and merge keys bring what a mapping does not have itself")
    func aliases() throws {
        let directory = try TemporaryDirectory()
        let configuration = try LogConfiguration(
            yaml: """
                version: 1
                handlers:
                  app: &rotating
                    class: &class rotating_file
                    filename: \(directory.path)/app.log
                    maxBytes: 1000
                    level: INFO
                  error:
                    <<: [{level: ERROR, sync: everyLine}, *rotating]
                    filename: \(directory.path)/error.log
                    class: *class
                root: {handlers: [app, error]}
                """
        )
        let outputs = configuration.root.outputs
        #expect(outputs.map(\.level) == [.info, .error])
        let files = outputs.compactMap { $0.destination as? RotatingFile }
        #expect(files.map(\.path) == ["app", "error"].map { "\(directory.path)/\($0).log" })
        #expect(files.map(\.rotation.maximumBytes) == [1000, 1000])
        #expect(files.map(\.sync) == [.never, .everyLine])
    }

    @Test(
        "Mistakes name line and column",
        arguments: [
            ("", "the text is empty"),
            ("# nothing\n", "the text is empty"),
            (
                "version: 1\nroot: {handlers: [a\n",
                "line 3, column 1: not YAML: while parsing a flow sequence that begins in line 2, did not find expected "
                    + "',' or ']'"
            ),
            (
                "version: 1\n\troot: {}\n",
                "line 2, column 1: not YAML: while scanning a plain scalar that begins in line 1, found a tab character that "
                    + "violates indentation"
            ),
            (
                "version: 1\n---\nversion: 1\n",
                "line 2, column 1: a second document begins here; a configuration is one"
            ),
            (
                "version: 1\nroot:\n  level: INFO\n  level: DEBUG\n",
                "line 3, column 3: the key 'level' is there twice in one mapping"
            ),
            ("version: 1\nroot: *base\n", "line 2, column 7: not YAML: found undefined alias"),
            (
                "version: 1\nroot: {level: \"INFO\\q\"}\n",
                "line 2, column 20: not YAML: while parsing a quoted scalar, found unknown escape character"
            ),
            (
                "version: 1\nroot: {level: 'INFO\n",
                "line 2, column 15: not YAML: while scanning a quoted scalar, found unexpected end of stream"
            ),
            (
                "version: 1\nroot: !ours {}\n",
                "root: line 2, column 7: the tag !ours means nothing here; put a value that begins with ! into quotation "
                    + "marks"
            ),
            (
                "version: !!timestamp 2026-11-22\n",
                "version: line 1, column 10: the tag !!timestamp means nothing here; put a value that begins with ! into "
                    + "quotation marks"
            ),
            ("version: !!int one\n", "version: line 1, column 10: 'one' is not what its tag !!int says"),
            ("version: 1\n[a]: 1\n", "line 2, column 1: a key must be text, not a sequence or a mapping"),
            (
                "version: 1\nroot: {<<: INFO}\n",
                "root: line 2, column 12: '<<' takes a mapping or a sequence of mappings, as in '<<: *name'"
            ),
            ("version: 1\nroot: \u{1}\n", "line 2, column 7: not YAML: control characters are not allowed"),
            ("version: 1\nroot: {level: 1}\n", "root.level: expected the name of a level, found the number 1"),
            ("version: 1\nroot: {propagate: no}\n", "root.propagate: expected true or false, found the string 'no'"),
        ]
    )
    func mistakes(_ yaml: String, expected: String) {
        #expect(problems(yaml) == expected)
    }

    @Test("Aliases to aliases and deep nesting are refused before they cost anything")
    func tooLarge() {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<10 {
            bomb +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
                + "]\n"
        }
        #expect(problems(bomb).hasSuffix("there are more than 100000 values, aliases resolved"))
        let deep = "a: " + String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        #expect(problems(deep) == "line 1, column 104: values are nested more than 100 deep")
    }
}
#endif
