// SPDX-License-Identifier: Apache-2.0

import SluiceConfiguration
import SluiceEvents
import Testing

@Suite struct EnvironmentExpansionTests {
    private let environment = [
        "HOST": "example.org", "PORT": "9200", "EMPTY": "", "FLAG": "true", "NULL": "null", "SECRET": "hunter2",
        "TRICK": "${HOST}", "k8s.pod-name": "pod", "MULTI": "a: 1\nb: 2",
    ]

    /// The value of `v` in the YAML text.
    private func load(_ text: String) -> (node: ConfigurationNode?, problems: [String]) {
        let problems = ConfigurationProblems()
        let node = ConfigurationLoader.load(text: text, file: "p.yml", environment: environment, problems: problems)
        return (node?["v"], problems.sorted.map(\.description))
    }

    @Test(arguments: [
        ("v: ${HOST}", "example.org"), ("v: http://${HOST}:${PORT}/x", "http://example.org:9200/x"),
        ("v: '${HOST}'", "example.org"), ("v: \"${HOST}\"", "example.org"), ("v: |\n  ${HOST}\n", "example.org\n"),
        ("v: ${UNSET:fallback}", "fallback"), ("v: ${EMPTY:fallback}", "fallback"),
        ("v: ${HOST:fallback}", "example.org"),
        ("v: x${EMPTY}y", "xy"), ("v: x${UNSET:}y", "xy"), ("v: ${UNSET:http://a:1/}", "http://a:1/"),
        ("v: ${UNSET:${HOST}}", "example.org"), ("v: ${UNSET:${ALSO:b}}", "b"), ("v: ${UNSET:a$}b}", "a}b"),
        ("v: ${HOST:?no host}", "example.org"), ("v: x${HOST:+ yes}", "x yes"), ("v: x${UNSET:+ yes}", "x"),
        ("v: $${HOST}", "${HOST}"), ("v: a$${b}${HOST}", "a${b}example.org"), ("v: ^\\d+$", "^\\d+$"),
        ("v: (a$|b$)$}", "(a$|b$)$}"), ("v: $", "$"), ("v: $HOST", "$HOST"), ("v: '%{[a.b]}'", "%{[a.b]}"),
        ("v: ${TRICK}", "${HOST}"), ("v: ${k8s.pod-name}", "pod"), ("v: ${MULTI}", "a: 1\nb: 2"),
        ("v: ${UNSET:ä}", "ä"),
    ])
    func fillsIn(_ text: String, _ expected: String) {
        let (node, problems) = load(text)
        #expect(node?.text == expected)
        #expect(problems == [])
    }

    @Test(
        arguments: [
            ("v: ${PORT}", .integer(9200)), ("v: \"${PORT}\"", .integer(9200)), ("v: ${FLAG}", .boolean(true)),
            ("v: ${UNSET:1.5}", .double(1.5)), ("v: ${HOST}", .string("example.org")), ("v: ${NULL}", .string("null")),
            ("v: ${EMPTY}", .string("")), ("v: '${PORT}0'", .string("92000")), ("v: ${PORT}0", .integer(92000)),
            ("v: 'x${PORT}'", .string("x9200")),
        ] as [(String, ConfigurationScalar)]
    )
    func types(_ text: String, _ expected: ConfigurationScalar) {
        #expect(load(text).node?.scalarValue == expected)
    }

    @Test(arguments: [
        (
            "v: ${UNSET}",
            "p.yml:1:4: the environment variable 'UNSET' is not set, for v: set it, or write ${UNSET:default}"
        ),
        (
            "v: [1, \"a${UNSET}\"]",
            "p.yml:1:8: the environment variable 'UNSET' is not set, for v[1]: set it, or write"
                + " ${UNSET:default}"
        ),
        (
            "v: ${UNSET:?put the password there}",
            "p.yml:1:4: the environment variable 'UNSET' is not set or empty, for v:"
                + " put the password there"
        ),
        ("v: ${EMPTY:?}", "p.yml:1:4: the environment variable 'EMPTY' is not set or empty, for v: set it"),
        ("v: ${UNSET:?ask ${SECRET}}", "p.yml:1:4: the environment variable 'UNSET' is not set or empty, for v: ask …"),
        (
            "v: ${UNSET:${ALSO}}",
            "p.yml:1:4: the environment variable 'ALSO' is not set, for v: set it, or write"
                + " ${ALSO:default}"
        ),
        ("v: a${HOST", "p.yml:1:4: '${' is not closed, for v: write ${NAME}, or $${ for the characters themselves"),
        ("v: ${UNSET:x", "p.yml:1:4: '${' is not closed, for v: write ${NAME}, or $${ for the characters themselves"),
        (
            "v: ${}",
            "p.yml:1:4: there is no name of an environment variable between '${' and '}', for v: write ${NAME}, or"
                + " $${ for the characters themselves"
        ),
        (
            "v: ${a b}",
            "p.yml:1:4: there is no name of an environment variable between '${' and '}', for v: write ${NAME},"
                + " or $${ for the characters themselves"
        ),
    ])
    func problems(_ text: String, _ expected: String) {
        #expect(load(text).problems == [expected])
    }

    @Test func everyUndefinedVariableIsReported() {
        #expect(load("v: ${A1} ${B1}\nw: ${C1}").problems.count == 3)
    }

    @Test func deepReferencesAreRefused() {
        let text = String(repeating: "${A:", count: 100_000) + "x" + String(repeating: "}", count: 100_000)
        #expect(load("v: \(text)").problems == ["p.yml:1:4: '${' is nested more than 16 deep, for v: write it simpler"])
    }

    @Test func valuesOfVariablesAreMarkedAndDefaultsAreNot() {
        #expect(load("v: x${SECRET}").node?.isFromEnvironment == true)
        #expect(load("v: ${UNSET:${SECRET}}").node?.isFromEnvironment == true)
        #expect(load("v: ${UNSET:5}").node?.isFromEnvironment == false)
        #expect(load("v: abc").node?.isFromEnvironment == false)
    }

    @Test func noProblemShowsAVariable() {
        let problems = ConfigurationProblems()
        let text = "port: ${SECRET}\nflag: ${SECRET}\nstart: ${SECRET}\nlist: ${SECRET}\n"
        let node = ConfigurationLoader.load(text: text, file: "p.yml", environment: environment, problems: problems)
        let section = ConfigurationSection(node ?? .null, problems: problems)
        _ = section.integer("port", default: 0)
        _ = section.boolean("flag", default: false)
        _ = section.duration("start", default: 0)
        _ = section.sections("list")
        section.finish()
        #expect(problems.count == 4)
        #expect(!problems.description.contains("hunter2"))
    }
}
