// SPDX-License-Identifier: Apache-2.0

import SluiceEvents
import Testing

@Suite struct ConfigurationSectionTests {
    private enum Start: String, CaseIterable { case beginning, end }

    /// Runs `body` over a section, finishes it and returns the problems' text.
    private func problems(_ node: ConfigurationNode, _ body: (ConfigurationSection) -> Void) -> [String] {
        let problems = ConfigurationProblems()
        let section = ConfigurationSection(node, problems: problems)
        body(section)
        section.finish()
        return problems.sorted.map { String($0.description.dropFirst("<literal>:0:0: ".count)) }
    }

    @Test func readsEveryType() {
        let node: ConfigurationNode = [
            "text": "abc", "number": 5, "quoted": "0x10", "ratio": 1.5, "yes": .plain("yes"), "off": "off",
            "wait": "1h30m", "seconds": 5, "size": "5MB", "one": "a", "many": ["a", 2, true], "start": "END",
            "nested": ["inner": ["deep": 1]], "list": [["a": 1], ["a": 2]], "empty": .null,
        ]
        let found = problems(node) { section in
            #expect(section.string("text", default: "") == "abc")
            #expect(section.string("number", default: "") == "5")
            #expect(section.integer("number", default: 0) == 5)
            #expect(section.integer("quoted", default: 0) == 16)
            #expect(section.double("ratio", default: 0) == 1.5)
            #expect(section.boolean("yes", default: false))
            #expect(!section.boolean("off", default: true))
            #expect(section.duration("wait", default: 0) == 5_400_000_000_000)
            #expect(section.duration("seconds", default: 0) == 5_000_000_000)
            #expect(section.bytes("size", default: 0) == 5_000_000)
            #expect(section.strings("one") == ["a"])
            #expect(section.strings("many") == ["a", "2", "true"])
            #expect(section.choice("start", of: Start.self, default: .beginning) == .end)
            #expect(section.section("nested")?.section("inner")?.integer("deep", default: 0) == 1)
            #expect(section.sections("list").map { $0.integer("a", default: 0) } == [1, 2])
            #expect(section.string("empty", default: "default") == "default")
            #expect(section.optionalString("absent") == nil)
            #expect(section.node("absent") == nil)
            #expect(section.node("empty")?.isNull == true)
        }
        #expect(found == [])
    }

    @Test func wrongTypesSayWhatWasExpectedAndFound() {
        let node: ConfigurationNode = [
            "text": ["a": 1], "number": "many", "small": 0, "ratio": true, "flag": "maybe", "wait": "1 hour",
            "size": "5 apples", "strings": [["a"]], "start": "begining", "nested": 5, "list": ["a": 1],
        ]
        let found = problems(node) { section in
            #expect(section.string("text", default: "x") == "x")
            #expect(section.requiredString("id") == nil)
            #expect(section.integer("number", default: 7) == 7)
            #expect(section.integer("small", default: 7, in: 1...9) == 7)
            #expect(section.integer("small", default: 7, in: 5...Int.max) == 7)
            #expect(section.duration("small", default: 7, in: 1_000_000...Int64.max) == 7)
            #expect(section.bytes("small", default: 7, in: 1024...2048) == 7)
            #expect(section.double("ratio", default: 1) == 1)
            #expect(section.boolean("flag", default: true))
            #expect(section.duration("wait", default: 3) == 3)
            #expect(section.bytes("size", default: 4) == 4)
            #expect(section.strings("strings") == [])
            #expect(section.choice("start", of: Start.self, default: .end) == .end)
            #expect(section.section("nested")?.string("a", default: "b") == "b")
            #expect(section.sections("list").isEmpty)
        }
        #expect(
            found == [
                "expected a string for text, found a mapping",
                "'id' is missing: give it a string",
                "expected a whole number for number, found the string 'many'",
                "expected a whole number from 1 to 9 for small, found '0'",
                "expected a whole number (at least 5) for small, found '0'",
                "expected a duration such as 500ms, 1s or 1h30m (at least 1ms) for small, found '0'",
                "expected a size such as 1048576, 5MB or 10MiB (at least 1024 bytes) (at most 2048 bytes) for small, found '0'",
                "expected a number for ratio, found 'true'",
                "expected true or false for flag, found the string 'maybe'",
                "expected a duration such as 500ms, 1s or 1h30m for wait, found the string '1 hour'",
                "expected a size such as 1048576, 5MB or 10MiB for size, found the string '5 apples'",
                "expected a string for strings[0], found a sequence",
                "expected one of beginning, end for start, found the string 'begining': did you mean 'beginning'?",
                "expected a mapping for nested, found '5'",
                "expected a sequence of mappings for list, found a mapping",
            ]
        )
    }

    @Test func unknownKeysNameTheNearest() {
        let node: ConfigurationNode = [
            "pahts": "a", "xyz": 1, "flush": ["timout": 1], "close": ["on": ["eof": 1, "end": 2]], "accepted": 1,
            "nested": ["Feild": 1],
        ]
        let found = problems(node) { section in
            _ = section.strings("paths")
            _ = section.duration("flush.timeout", default: 0)
            _ = section.boolean("close.on.eof", default: false)
            section.accept("accepted")
            _ = section.section("nested")?.string("field", default: "")
        }
        #expect(
            found == [
                "expected true or false for close.on.eof, found '1'",
                "unknown key 'Feild' in nested: did you mean 'field'?",
                "unknown key 'pahts': did you mean 'paths'?",
                "unknown key 'xyz': known here: 'accepted', 'close.on.eof', 'flush.timeout', 'nested', 'paths'",
                "unknown key 'flush.timout': did you mean 'flush.timeout'?",
                "unknown key 'close.on.end': did you mean 'close.on.eof'?",
            ]
        )
    }

    @Test(arguments: [
        ["flush.timeout": "2s", "flush.on.close": true] as ConfigurationNode,
        ["flush": ["timeout": "2s", "on": ["close": true]]],
        ["flush": ["timeout": "2s", "on.close": true]],
        ["flush.timeout": "2s", "flush": ["on.close": true]],
        ["flush.on": ["close": true], "flush": ["timeout": "2s"]],
    ])
    func dottedKeysAreNestedOnes(_ node: ConfigurationNode) {
        let dotted = problems(node) { section in
            #expect(section.duration("flush.timeout", default: 0) == 2_000_000_000)
            #expect(section.boolean("flush.on.close", default: false))
        }
        #expect(dotted == [])
        let nested = problems(node) { section in
            let flush = section.section("flush")
            #expect(flush?.duration("timeout", default: 0) == 2_000_000_000)
            #expect(flush?.section("on")?.boolean("close", default: false) == true)
        }
        #expect(nested == [])
    }

    @Test func dotsInFreeFormMapsStay() {
        let node: ConfigurationNode = ["fields": ["a.b": 1, "c": 2], "when.equals": ["http.status": 200]]
        let found = problems(node) { section in
            #expect(section.node("fields")?.entries?.map(\.key) == ["a.b", "c"])
            let condition = section.section("when")
            #expect(condition?.node("equals")?.entries?.map(\.key) == ["http.status"])
            #expect(condition?.node("equals")?["http.status"]?.path == "when.equals.http.status")
        }
        #expect(found == [])
    }

    @Test func contradictionsAreReportedOnce() {
        let node: ConfigurationNode = ["flush.timeout": "2s", "flush": ["timeout": "3s"]]
        let found = problems(node) { section in
            _ = section.duration("flush.timeout", default: 0)
            _ = section.section("flush")?.duration("timeout", default: 0)
        }
        #expect(found == ["flush.timeout is given twice, first at <literal>:0:0: keep one"])
    }

    @Test func whatIsNoMappingIsReportedAndReadsAsEmpty() {
        let sequence = problems(["a"]) { #expect($0.string("a", default: "b") == "b") }
        #expect(sequence == ["expected a mapping, found a sequence"])
        let null = problems(.null) { #expect($0.string("a", default: "b") == "b") }
        #expect(null == [])
    }

    @Test func valuesFromTheEnvironmentAreNotShown() {
        let secret = ConfigurationNode(
            .mapping(
                ["number", "start"].map { key in
                    let value = ConfigurationNode(
                        .scalar(text: "begining-hunter2", isPlain: true),
                        path: key,
                        isFromEnvironment: true
                    )
                    return ConfigurationEntry(key: key, keyPosition: .literal, value: value)
                }
            )
        )
        let found = problems(secret) { section in
            _ = section.integer("number", default: 0)
            _ = section.choice("start", of: Start.self, default: .end)
        }
        #expect(
            found == [
                "expected a whole number for number, found a string from the environment",
                "expected one of beginning, end for start, found a string from the environment",
            ]
        )
    }
}
