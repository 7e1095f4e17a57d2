// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import TestSupport
import Testing

@Suite struct ConditionTests {
    /// For which lines a condition holds; nil if it cannot be read.
    private func holds(
        _ condition: ConfigurationNode,
        _ lines: [String],
        common: [(key: String, json: String)] = [],
        plain: Bool = false
    ) -> [Bool]? {
        let problems = ConfigurationProblems()
        guard let condition = ConditionTable.condition(condition, problems: problems), problems.isEmpty else {
            return nil
        }
        let batch = EventBatch(capacity: 4096)
        let pipe = Pipe(parser: plain ? PlainParser() : JSONEventParser(), common: common)
        _ = pipe.process(lines, in: batch)
        let mask = condition.evaluate(batch)
        return lines.indices.map { mask[$0] }
    }

    static let cases: [(condition: ConfigurationNode, line: String, holds: Bool)] = [
        // equals: strings
        (["equals": ["a": "x"]], #"{"a":"x"}"#, true),
        (["equals": ["a": "x"]], #"{"a":"xx"}"#, false),
        (["equals": ["a": "x"]], #"{"b":"x"}"#, false),
        (["equals": ["a": "x\"y"]], #"{"a":"x\"y"}"#, true),
        (["equals": ["a": "é"]], #"{"a":"\u00e9"}"#, true),
        (["equals": ["a": "é"]], #"{"a":"é"}"#, true),
        (["equals": ["a": "\\u00e9"]], #"{"a":"\u00e9"}"#, false),
        (["equals": ["a": ""]], #"{"a":""}"#, true),
        (["equals": ["a": ""]], "{}", false),
        // equals: numbers, strict about types
        (["equals": ["a": 200]], #"{"a":200}"#, true),
        (["equals": ["a": 200]], #"{"a":200.0}"#, false),
        (["equals": ["a": 200]], #"{"a":2e2}"#, false),
        (["equals": ["a": 200]], #"{"a":"200"}"#, false),
        (["equals": ["a": "200"]], #"{"a":200}"#, false),
        (["equals": ["a": "200"]], #"{"a":"200"}"#, true),
        (["equals": ["a": 0]], #"{"a":-0}"#, true),
        (["equals": ["a": -5]], #"{"a":-5}"#, true),
        (["equals": ["a": 9_223_372_036_854_775_807]], #"{"a":9223372036854775807}"#, true),
        (["equals": ["a": 9_223_372_036_854_775_807]], #"{"a":9223372036854775808}"#, false),
        // equals: booleans, null
        (["equals": ["a": true]], #"{"a":true}"#, true),
        (["equals": ["a": true]], #"{"a":false}"#, false),
        (["equals": ["a": false]], #"{"a":false}"#, true),
        (["equals": ["a": false]], #"{"a":null}"#, false),
        (["equals": ["a": true]], #"{"a":"true"}"#, false),
        // equals: several fields, nested fields
        (["equals": ["a": 1, "b": "x"]], #"{"a":1,"b":"x"}"#, true),
        (["equals": ["a": 1, "b": "x"]], #"{"a":1,"b":"y"}"#, false),
        (["equals": ["a.b": 1]], #"{"a":{"b":1}}"#, true),
        (["equals": ["a.b": 1]], #"{"a.b":1}"#, true),
        (["equals": ["a": ["b": ["c": 1]]]], #"{"a":{"b":{"c":1}}}"#, true),
        (["equals": ["a.b.c": 1]], #"{"a":{"b.c":1}}"#, true),
        (["equals.a.b": 1], #"{"a":{"b":1}}"#, true),
        (["equals": ["a.b": 1]], #"{"a":[{"b":1}]}"#, false),
        (["equals": ["a.b": 2]], #"{"a":{"b":1,"b":2}}"#, true),
        (["equals": ["a.b": 1]], #"{"a":{"\u0062":1}}"#, true),
        (["equals": ["@timestamp": "2020-01-01T00:00:00.000Z"]], #"{"@timestamp":"2020-01-01T00:00:00Z"}"#, true),
        // contains
        (["contains": ["a": "ell"]], #"{"a":"hello"}"#, true),
        (["contains": ["a": "elo"]], #"{"a":"hello"}"#, false),
        (["contains": ["a": ""]], #"{"a":"hello"}"#, true),
        (["contains": ["a": "\n"]], #"{"a":"he\nllo"}"#, true),
        (["contains": ["a": "n"]], #"{"a":"he\nllo"}"#, false),
        (["contains": ["tags": "x"]], #"{"tags":["y","axb"]}"#, true),
        (["contains": ["tags": "x"]], #"{"tags":["y",{"k":"x"},5,["x"]]}"#, false),
        (["contains": ["tags": "é"]], #"{"tags":["\u00e9"]}"#, true),
        (["contains": ["tags": "x"]], #"{"tags":[]}"#, false),
        (["contains": ["a": "1"]], #"{"a":123}"#, false),
        (["contains": ["a": "1"]], "{}", false),
        (["contains": ["a": "x", "b": "y"]], #"{"a":"x","b":"y"}"#, true),
        (["contains": ["a": "x", "b": "y"]], #"{"a":"x","b":"z"}"#, false),
        // range
        (["range": ["a": ["gte": 400, "lt": 500]]], #"{"a":400}"#, true),
        (["range": ["a": ["gte": 400, "lt": 500]]], #"{"a":499.99}"#, true),
        (["range": ["a": ["gte": 400, "lt": 500]]], #"{"a":500}"#, false),
        (["range": ["a": ["gte": 400, "lt": 500]]], #"{"a":399}"#, false),
        (["range": ["a.gte": 400]], #"{"a":400}"#, true),
        (["range": ["a.gt": 400]], #"{"a":400}"#, false),
        (["range": ["a.lte": 400]], #"{"a":400}"#, true),
        (["range": ["a.b.lt": 0.5]], #"{"a":{"b":0.25}}"#, true),
        (["range.a.b.lt": 0.5], #"{"a":{"b":0.5}}"#, false),
        (["range": ["a.gte": 1]], #"{"a":"5"}"#, false),
        (["range": ["a.gte": 1]], #"{"b":5}"#, false),
        (["range": ["a.gt": 1, "b.lt": 5]], #"{"a":2,"b":4}"#, true),
        (["range": ["a.gt": 1, "b.lt": 5]], #"{"a":2,"b":6}"#, false),
        (["range": ["a.gt": 9_007_199_254_740_992]], #"{"a":9007199254740993}"#, true),
        (["range": ["a.lt": 1]], #"{"a":-1e400}"#, true),
        (["range": ["a.gt": 1]], #"{"a":123456789012345678901234567890}"#, true),
        (["range": ["a.gt": -1]], #"{"a":-0}"#, true),
        // has_fields
        (["has_fields": ["a"]], #"{"a":0}"#, true),
        (["has_fields": ["a", "b.c"]], #"{"a":0,"b":{"c":false}}"#, true),
        (["has_fields": ["a", "b.c"]], #"{"a":0,"b":{"d":false}}"#, false),
        (["has_fields": ["a"]], #"{"a":null}"#, false),
        (["has_fields": "a"], #"{"a":1}"#, true),
        // and, or, not
        (["and": [["equals": ["a": 1]], ["equals": ["b": 2]]]], #"{"a":1,"b":2}"#, true),
        (["and": [["equals": ["a": 1]], ["equals": ["b": 2]]]], #"{"a":1,"b":3}"#, false),
        (["or": [["equals": ["a": 1]], ["equals": ["b": 2]]]], #"{"a":0,"b":2}"#, true),
        (["or": [["equals": ["a": 1]], ["equals": ["b": 2]]]], #"{"a":0,"b":3}"#, false),
        (["not": ["equals": ["a": 1]]], #"{"a":2}"#, true),
        (["not": ["equals": ["a": 1]]], #"{"a":1}"#, false),
        (["not": ["equals": ["a": 1]]], "{}", true),
        (["not.equals.a": 1], #"{"a":2}"#, true),
        (["not": ["not": ["has_fields": ["a"]]]], #"{"a":2}"#, true),
        (
            ["and": [["or": [["equals": ["a": 1]], ["equals": ["a": 2]]]], ["not": ["has_fields": ["b"]]]]],
            #"{"a":2}"#, true
        ),
    ]

    @Test(arguments: cases.indices)
    func condition(number: Int) {
        let test = Self.cases[number]
        #expect(holds(test.condition, [test.line]) == [test.holds], "\(test)")
    }

    @Test func rawTextIsAString() {
        #expect(holds(["equals": ["message": "a \"b\""]], ["a \"b\"", "a"], plain: true) == [true, false])
        #expect(holds(["contains": ["message": "\""]], ["a \"b\"", "a"], plain: true) == [true, false])
        #expect(holds(["has_fields": ["message"]], ["", "x"], plain: true) == [true, true])
    }

    @Test func fieldsOfTheSourceAreSeenUnlessTheEventHasItsOwn() {
        let common = [(key: "n", json: "5"), (key: "log", json: #"{"file":{"path":"/a"}}"#)]
        #expect(
            holds(["equals": ["n": 5]], [#"{"a":1}"#, #"{"n":6}"#, #"{"n":5}"#], common: common) == [true, false, true]
        )
        #expect(
            holds(["equals": ["log.file.path": "/a"]], ["{}", #"{"log":{"file":{"path":"/b"}}}"#], common: common)
                == [true, false]
        )
    }

    /// All the events of a batch at once say what each says alone.
    @Test func aBatchIsItsEventsOneByOne() throws {
        let seed: UInt64 = 31
        var random = SplitMix64(seed: seed)
        let lines = (0..<300).map { _ in
            let members = (0..<random.below(4)).map { _ in
                #""\#(random.pick(["a", "b", "c"]))":\#(random.pick(["1", "2", "\"x\"", "\"yx\"", "true", "[\"x\"]", "{\"d\":1}", "null"]))"#
            }
            return "{" + members.joined(separator: ",") + "}"
        }
        let conditions: [ConfigurationNode] = [
            ["equals": ["a": 1]], ["contains": ["b": "x"]], ["range": ["a.gte": 1, "b.lte": 2]],
            ["has_fields": ["c", "a"]],
            ["or": [["equals": ["a": 1]], ["contains": ["b": "x"]], ["not": ["has_fields": ["c"]]]]],
            ["and": [["not": ["equals": ["a": 1]]], ["or": [["equals": ["c.d": 1]], ["equals": ["b": true]]]]]],
        ]
        for condition in conditions {
            let together = try #require(holds(condition, lines))
            #expect(together.contains(true) && together.contains(false))
            #expect(together == lines.map { holds(condition, [$0]) == [true] }, "seed \(seed), \(condition)")
        }
    }

    @Test func theFirstOfSixtyFourEventsAndTheLastCount() {
        let lines = (0..<130).map { #"{"n":\#($0)}"# }
        for number in [0, 63, 64, 127, 128, 129] {
            let found = holds(["equals": ["n": ConfigurationNode(integerLiteral: number)]], lines)
            #expect(found == lines.indices.map { $0 == number })
        }
    }
}
