// SPDX-License-Identifier: Apache-2.0

import SluiceEvents
import Testing

/// What is wrong with a configuration is said once, with the way to put it right.
@Suite struct ProcessorProblemTests {
    static let cases: [(ConfigurationNode, String)] = [
        ([["add_feilds": ["fields": ["a": 1]]]], "unknown processor 'add_feilds' in [0]: did you mean 'add_fields'?"),
        ([["add_fields": ["feilds": ["a": 1]]]], "unknown key 'feilds' in [0].add_fields: did you mean 'fields'?"),
        (
            [["add_fields": ["fields": "x"]]],
            "expected a mapping of fields for [0].add_fields.fields, found the string 'x'"
        ),
        (
            [["add_fields": ["fields": ["a": 1, "a.b": 2]]]],
            "'a.b' in [0].add_fields.fields contradicts a field before it"
        ),
        ([["add_fields": ["target": "", "fields": ["@timestamp": "x"]]]], "add_fields cannot set '@timestamp'"),
        (
            [["add_fields": ["fields": ["a": 1], "when": ["equal": ["a": 1]]]]],
            "unknown condition 'equal' in [0].add_fields.when: did you mean 'equals'?"
        ),
        ([["add_tags": .null]], "'tags' is missing in [0].add_tags"),
        ([["drop_event": .null]], "'when' is missing in [0].drop_event"),
        ([["drop_event": ["when": .null]]], "'when' is missing in [0].drop_event"),
        (
            [["drop_event": ["when": ["equals": ["a": 1], "contains": ["b": "x"]]]]],
            "'equals' and 'contains' stand side by side: say how they belong together with 'and' or 'or'"
        ),
        (
            [["drop_event": ["when": ["equals": ["a": 1.5]]]]],
            "expected a string, a whole number or a boolean for [0].drop_event.when.equals.a, found '1.5'"
        ),
        (
            [["drop_event": ["when": ["equals": [:]]]]],
            "expected fields and their values for [0].drop_event.when.equals, found a mapping"
        ),
        (
            [["drop_event": ["when": ["contains": ["a": 1]]]]],
            "expected a string for [0].drop_event.when.contains.a, found '1': put it in quotes"
        ),
        (
            [["drop_event": ["when": ["range": ["a": 1]]]]],
            "'a' in [0].drop_event.when.range does not end in a comparison"
        ),
        (
            [["drop_event": ["when": ["range": ["gte": 1]]]]],
            "'gte' in [0].drop_event.when.range does not end in a comparison"
        ),
        (
            [["drop_event": ["when": ["range": ["a.gte": "x"]]]]],
            "expected a number for [0].drop_event.when.range.a.gte, found the string 'x'"
        ),
        ([["drop_event": ["when": ["has_fields": [["a": 1]]]]]], "expected a sequence of names of fields"),
        (
            [["drop_event": ["when": ["and": ["equals": ["a": 1]]]]]],
            "expected a sequence of conditions for [0].drop_event.when.and, found a mapping"
        ),
        ([["drop_event": ["when": ["or": []]]]], "expected a sequence of conditions for [0].drop_event.when.or"),
        ([["drop_event": ["when": ["not": .null]]]], "expected a condition for [0].drop_event.when.not, found nothing"),
        ([["drop_event": ["when": "always"]]], "expected a mapping for [0].drop_event.when, found the string 'always'"),
        (
            [["drop_fields": ["fields": ["/^a/"]]]],
            "the pattern '/^a/' in [0].drop_fields.fields is not supported: name the fields one by one"
        ),
        ([["drop_fields": .null]], "'fields' is missing in [0].drop_fields"),
        ([["include_fields": ["fields": [""]]]], "a name in [0].include_fields.fields is empty"),
        ([["rename": ["fields": [["form": "a", "to": "b"]]]]], "'from' is missing in [0].rename.fields[0]"),
        ([["rename": ["fields": [["from": "@timestamp", "to": "b"]]]]], "'@timestamp' cannot be renamed"),
        ([["copy_fields": ["fields": []]]], "'fields' is missing in [0].copy_fields"),
        ([["timestamp": ["layouts": ["UNIX"]]]], "'field' is missing in [0].timestamp"),
        ([["timestamp": ["field": "t"]]], "'layouts' is missing in [0].timestamp"),
        (
            [["timestamp": ["field": "t", "layouts": ["yyyy"]]]],
            "the layout 'yyyy' for [0].timestamp.layouts has no part of a time in it"
        ),
        (
            [["timestamp": ["field": "t", "layouts": ["RFC3339"], "timezone": "Mars/Olympus"]]],
            "the time zone 'Mars/Olympus' for [0].timestamp.timezone is not known on this machine"
        ),
        (
            [["timestamp": ["field": "t", "layouts": ["RFC3339"], "test": ["2020-01-01T00:00:00Z", "yesterday"]]]],
            "'yesterday' in [0].timestamp.test fits none of the layouts"
        ),
        (
            ["add_tags"],
            "expected a mapping with the name of a processor for [0], found the string 'add_tags': write 'add_tags:'"
        ),
        (
            [["drop_event": .null, "when": ["equals": ["a": 1]]]],
            "'when' stands beside the processor 'drop_event': its options, 'when' included, stand below its name"
        ),
        (
            [["add_tags": ["tags": "a"], "add_fields": ["fields": ["a": 1]]]],
            "'add_fields' stands beside the processor 'add_tags': give each processor a dash of its own"
        ),
        ([["then": [["add_tags": ["tags": "a"]]]]], "'if' is missing in [0]"),
        ([["if": ["equals": ["a": 1]]]], "'then' is missing in [0]"),
        ([["if": ["equals": ["a": 1]], "than": [["add_tags": ["tags": "a"]]]]], "'then' is missing in [0]"),
        ("add_tags", "expected a sequence of processors, found the string 'add_tags'"),
    ]

    @Test(arguments: cases.indices)
    func problem(number: Int) {
        let (processors, message) = Self.cases[number]
        let found = problems(of: processors)
        #expect(found.hasPrefix("<literal>:0:0: "))
        #expect(found.contains(message), "found: \(found)")
    }

    @Test func everyProblemIsReported() {
        let found = problems(of: [
            ["add_tags": .null], ["nope": .null], ["drop_event": ["when": ["or": [["a": 1], ["b": 2]]]]],
        ])
        #expect(found.split(separator: "\n").count == 4)
    }

    @Test func anAbsentListIsEmpty() {
        let list = ProcessorList(node: nil, context: ProcessorContext(), problems: ConfigurationProblems())
        #expect(list.isEmpty)
        #expect(problems(of: .null).isEmpty)
        #expect(problems(of: []).isEmpty)
    }

    // MARK: Parsers

    private func parser(_ node: ConfigurationNode?) -> (type: String, problems: String) {
        let problems = ConfigurationProblems()
        let parser = ParserTable.parser(node, problems: problems)
        let type = parser is JSONEventParser ? "json" : parser is PlainParser ? "none" : "nothing"
        return (type, problems.description)
    }

    @Test func parsersByName() {
        #expect(parser(nil) == ("none", ""))
        #expect(parser("json") == ("json", ""))
        #expect(parser("none") == ("none", ""))
        #expect(parser(["json": ["keys_under_root": false]]) == ("json", ""))
        #expect(parser(["json.keys_under_root": false]) == ("json", ""))
        #expect(parser(["json": .null]) == ("json", ""))
        #expect(parser(["type": "json", "add_error_key": false]) == ("json", ""))
        #expect(parser("jsn") == ("nothing", "<literal>:0:0: unknown parser 'jsn': did you mean 'json'?"))
        #expect(parser(["jsn": .null]).problems.hasPrefix("<literal>:0:0: unknown parser 'jsn'"))
        #expect(parser(["json": ["keys_under_rot": false]]).problems.contains("did you mean 'keys_under_root'?"))
        #expect(parser(["type": "json", "keys_under_rot": false]).problems.contains("did you mean 'keys_under_root'?"))
        #expect(parser(["json": .null, "none": .null]).problems.contains("'none' stands beside the parser 'json'"))
        #expect(parser([]).problems.contains("expected the name of a parser"))
    }

    @Test func filebeatsDefaultsAreAllFalse() {
        let problems = ConfigurationProblems()
        let options = JSONParserOptions(filebeat: ConfigurationSection([:], problems: problems))
        #expect(!options.keysUnderRoot && !options.overwriteKeys && !options.addErrorKey && !options.expandKeys)
        let native = JSONParserOptions(ConfigurationSection([:], problems: problems))
        #expect(native == JSONParserOptions())
        #expect(native.keysUnderRoot && native.overwriteKeys && native.addErrorKey && !native.expandKeys)
        let section = ConfigurationSection(["document_id": "id", "ignore_decoding_error": true], problems: problems)
        _ = JSONParserOptions(filebeat: section)
        section.finish()
        #expect(problems.count == 1 && problems.description.contains("document_id is not supported yet"))
    }
}
