// SPDX-License-Identifier: Apache-2.0

import SluiceEvents
import Testing

@Suite struct ConfigurationTextTests {
    @Test(
        arguments: [
            ("0", 0), ("5", 5_000_000_000), ("-1", -1_000_000_000), ("1.5", 1_500_000_000), ("1s", 1_000_000_000),
            ("500ms", 500_000_000), ("1h30m", 5_400_000_000_000), ("1.5h", 5_400_000_000_000), ("0.1s", 100_000_000),
            ("1us", 1_000), ("1µs", 1_000), ("7ns", 7), ("-1m", -60_000_000_000), ("+1m", 60_000_000_000),
            (".5s", 500_000_000),
            ("9223372036s", 9_223_372_036_000_000_000),
            ("", nil), ("s", nil), ("1h30", nil), ("1 s", nil), ("1d", nil), ("1.2.3s", nil), ("-", nil), (".s", nil),
            ("9223372037s", nil), ("99999999999999999999", nil), ("1sm", nil), ("five", nil), ("9223372036s1h", nil),
        ] as [(String, Int64?)]
    )
    func durations(_ text: String, _ expected: Int64?) {
        #expect(DurationText.nanoseconds(text) == expected)
    }

    @Test(arguments: [(0, "0s"), (60_000_000_000, "1m"), (90_000_000_000, "90s"), (1_500_000, "1500us"), (1, "1ns")])
    func durationsAsText(_ nanoseconds: Int64, _ expected: String) {
        #expect(DurationText.text(nanoseconds) == expected)
        #expect(DurationText.nanoseconds(expected) == nanoseconds)
    }

    @Test(
        arguments: [
            ("0", 0), ("1048576", 1_048_576), ("5MB", 5_000_000), ("5mb", 5_000_000), ("10MiB", 10_485_760),
            ("1k", 1_000),
            ("1Ki", 1_024), ("1.5 GiB", 1_610_612_736), ("1TB", 1_000_000_000_000), ("1TiB", 1_099_511_627_776),
            ("7B", 7),
            ("", nil), ("MB", nil), ("-1", nil), ("5 apples", nil), ("1.1.1", nil), ("99999999999TB", nil),
            ("1e3", nil),
            ("99999999999999999999999999999999999999999", nil),
        ] as [(String, Int?)]
    )
    func sizes(_ text: String, _ expected: Int?) {
        #expect(ByteSizeText.bytes(text) == expected)
    }

    @Test(
        arguments: [
            ("", .null), ("~", .null), ("null", .null), ("true", .boolean(true)), ("FALSE", .boolean(false)),
            ("yes", .string("yes")), ("no", .string("no")), ("on", .string("on")), ("0", .integer(0)),
            ("-5", .integer(-5)),
            ("+5", .integer(5)), ("0x1F", .integer(31)), ("0o17", .integer(15)), ("007", .integer(7)),
            ("9223372036854775807", .integer(.max)), ("9223372036854775808", .double(9_223_372_036_854_775_808)),
            ("1.5", .double(1.5)), ("1.", .double(1)), (".5", .double(0.5)), ("-1e3", .double(-1000)),
            (".inf", .double(.infinity)), ("-.INF", .double(-.infinity)), ("1e999", .double(.infinity)),
            ("1_000", .string("1_000")), ("1e", .string("1e")), (".", .string(".")), ("-", .string("-")),
            ("0x", .string("0x")), ("0x-5", .string("0x-5")), ("0xg", .string("0xg")), ("nan", .string("nan")),
            ("inf", .string("inf")), ("0x1p3", .string("0x1p3")), ("12:30", .string("12:30")),
            ("1.2.3", .string("1.2.3")),
            ("2026-01-02", .string("2026-01-02")), ("１", .string("１")),
        ] as [(String, ConfigurationScalar)]
    )
    func plainScalars(_ text: String, _ expected: ConfigurationScalar) {
        #expect(ConfigurationScalar(plain: text) == expected)
        #expect(ConfigurationNode.plain(text).scalarValue == expected)
        #expect(ConfigurationNode(.scalar(text: text, isPlain: false)).scalarValue == .string(text))
    }

    @Test func notANumberIsANumber() {
        guard case .double(let value) = ConfigurationScalar(plain: ".nan") else {
            Issue.record("not a double")
            return
        }
        #expect(value.isNaN)
    }

    @Test(
        arguments: [
            ("add_feilds", "add_fields"), ("ADD_FIELDS", "add_fields"), ("addfields", "add_fields"), ("drop", nil),
            ("path", "paths"), ("ulr", "url"), ("uri", "url"), ("xx", nil), ("", nil), ("tpye", "type"),
            ("something_else_entirely", nil),
        ] as [(String, String?)]
    )
    func nearestNames(_ name: String, _ expected: String?) {
        let known = ["add_fields", "add_tags", "drop_event", "paths", "type", "url"]
        #expect(NearestName.nearest(to: name, among: known) == expected)
    }

    @Test(arguments: [
        ("", "", 0), ("abc", "", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
    ])
    func distances(_ left: String, _ right: String, _ expected: Int) {
        #expect(NearestName.distance(Array(left.unicodeScalars), Array(right.unicodeScalars)) == expected)
        #expect(NearestName.distance(Array(right.unicodeScalars), Array(left.unicodeScalars)) == expected)
    }

    @Test func literalsKnowTheirPaths() {
        let node: ConfigurationNode = ["processors": [["add_fields": ["target": "", "fields": ["a": [1, 2]]]]]]
        let fields = node["processors"]?.elements?.first?["add_fields"]
        #expect(node.path == "")
        #expect(fields?["target"]?.path == "processors[0].add_fields.target")
        #expect(fields?["fields"]?["a"]?.elements?.last?.path == "processors[0].add_fields.fields.a[1]")
        #expect(fields?.position.description == "<literal>:0:0")
    }

    @Test func problemsAreSortedAndSaidOnce() {
        let problems = ConfigurationProblems()
        #expect(problems.isEmpty)
        func position(_ line: Int, _ column: Int) -> ConfigurationPosition {
            ConfigurationPosition(file: "pipeline.yml", line: line, column: column)
        }
        problems.reportUnknownKey("add_feilds", at: position(7, 5), path: "processors[0]", known: ["add_fields"])
        problems.report(at: position(2, 9), "second")
        problems.report(at: position(2, 1), "first")
        problems.report(at: position(2, 1), "first")
        problems.report(at: ConfigurationPosition(file: "missing.yml", line: 0, column: 0), "no such file")
        #expect(
            problems.description == """
                missing.yml: no such file
                pipeline.yml:2:1: first
                pipeline.yml:2:9: second
                pipeline.yml:7:5: unknown key 'add_feilds' in processors[0]: did you mean 'add_fields'?
                """
        )
    }

    @Test func shownTextStaysOnOneLineAndShort() {
        #expect(ConfigurationNode.quoted("a\nb\tc\u{1B}d") == "'a\\nb\\tc\\u{1b}d'")
        #expect(ConfigurationNode.quoted(String(repeating: "x", count: 100)).count == 63)
    }
}
