// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import Testing

/// Each case: a line, processors, and the document that comes out.
@Suite struct ProcessorTests {
    static let addFieldsCases: [ProcessorCase] = [
        ProcessorCase(
            "under fields by default",
            #"{"a":1}"#,
            [["add_fields": ["fields": ["x": 1, "y": "two", "z": true]]]],
            #"{"a":1,"fields":{"x":1,"y":"two","z":true}}"#
        ),
        ProcessorCase(
            "at the root with an empty target",
            #"{"a":1}"#,
            [["add_fields": ["target": "", "fields": ["service": "api", "n": 1.5]]]],
            #"{"a":1,"service":"api","n":1.5}"#
        ),
        ProcessorCase(
            "overwrites",
            #"{"a":1,"b":2}"#,
            [["add_fields": ["target": "", "fields": ["a": "new"]]]],
            #"{"a":"new","b":2}"#
        ),
        ProcessorCase(
            "merges objects, nested ones too",
            #"{"a":{"x":1,"deep":{"one":1}},"b":2}"#,
            [["add_fields": ["target": "a", "fields": ["y": 2, "deep": ["two": 2]]]]],
            #"{"a":{"x":1,"deep":{"one":1,"two":2},"y":2},"b":2}"#
        ),
        ProcessorCase(
            "a value gives way to an object",
            #"{"a":5}"#,
            [["add_fields": ["target": "a", "fields": ["y": 2]]]],
            #"{"a":{"y":2}}"#
        ),
        ProcessorCase(
            "dotted names are nested",
            #"{}"#,
            [["add_fields": ["target": "", "fields": ["service.name": "api", "service.version": "1"]]]],
            #"{"service":{"name":"api","version":"1"}}"#
        ),
        ProcessorCase(
            "a dotted target is nested",
            #"{}"#,
            [["add_fields": ["target": "a.b", "fields": ["c": 1]]]],
            #"{"a":{"b":{"c":1}}}"#
        ),
        ProcessorCase(
            "lists and text that needs escapes",
            #"{}"#,
            [["add_fields": ["target": "", "fields": ["l": [1, "two", ["k": nil]], "q": "say \"hi\"\n"]]]],
            #"{"l":[1,"two",{}],"q":"say \"hi\"\n"}"#
        ),
        ProcessorCase(
            "metadata is in no document",
            #"{"a":1}"#,
            [["add_fields": ["target": "@metadata", "fields": ["pipeline": "x"]]]],
            #"{"a":1}"#
        ),
    ]

    @Test(arguments: addFieldsCases)
    func addFields(_ test: ProcessorCase) {
        #expect(Pipe(processors: test.processors).run(test.line) == test.document)
    }

    static let otherCases: [ProcessorCase] = [
        // add_tags
        ProcessorCase(
            "add_tags: a new array",
            #"{"a":1}"#,
            [["add_tags": ["tags": ["x", "y"]]]],
            #"{"a":1,"tags":["x","y"]}"#
        ),
        ProcessorCase(
            "add_tags: appends, and does not look for twins",
            #"{"tags":["x"]}"#,
            [["add_tags": ["tags": ["x", "y"]]]],
            #"{"tags":["x","x","y"]}"#
        ),
        ProcessorCase("add_tags: an empty array", #"{"tags":[ ]}"#, [["add_tags": ["tags": "x"]]], #"{"tags":[ "x"]}"#),
        ProcessorCase(
            "add_tags: what is no array stays",
            #"{"tags":"x"}"#,
            [["add_tags": ["tags": ["y"]]]],
            #"{"tags":"x"}"#
        ),
        ProcessorCase(
            "add_tags: null is nothing",
            #"{"tags":null}"#,
            [["add_tags": ["tags": ["y"]]]],
            #"{"tags":["y"]}"#
        ),
        ProcessorCase(
            "add_tags: another target, nested",
            #"{"a":{"b":1}}"#,
            [["add_tags": ["target": "a.t", "tags": ["y"]]]],
            #"{"a":{"b":1,"t":["y"]}}"#
        ),
        ProcessorCase(
            "add_tags: appends to a nested array",
            #"{"a":{"t":["x"]}}"#,
            [["add_tags": ["target": "a.t", "tags": ["y"]]]],
            #"{"a":{"t":["x","y"]}}"#
        ),
        ProcessorCase(
            "add_tags: no object on the way",
            #"{"a":1}"#,
            [["add_tags": ["target": "a.t", "tags": ["y"]]]],
            #"{"a":1}"#
        ),
        // drop_event
        ProcessorCase(
            "drop_event: where the condition holds",
            #"{"level":"DEBUG"}"#,
            [["drop_event": ["when": ["equals": ["level": "DEBUG"]]]]],
            "(dropped)"
        ),
        ProcessorCase(
            "drop_event: not where it does not",
            #"{"level":"INFO"}"#,
            [["drop_event": ["when": ["equals": ["level": "DEBUG"]]]]],
            #"{"level":"INFO"}"#
        ),
        ProcessorCase(
            "drop_event: dotted",
            #"{"level":"DEBUG"}"#,
            [["drop_event.when.equals.level": "DEBUG"]],
            "(dropped)"
        ),
        // drop_fields
        ProcessorCase(
            "drop_fields: first, middle and last",
            #"{"a":1,"b":2,"c":3,"d":4}"#,
            [["drop_fields": ["fields": ["a", "c", "d"]]]],
            #"{"b":2}"#
        ),
        ProcessorCase("drop_fields: all", #"{"a":1}"#, [["drop_fields": ["fields": ["a"]]]], "{}"),
        ProcessorCase(
            "drop_fields: nested",
            #"{"a":{"b":1,"c":{"d":2,"e":3}}}"#,
            [["drop_fields": ["fields": ["a.b", "a.c.d"]]]],
            #"{"a":{"c":{"e":3}}}"#
        ),
        ProcessorCase(
            "drop_fields: a name with dots first",
            #"{"a.b":1,"a":{"b":2}}"#,
            [["drop_fields": ["fields": ["a.b"]]]],
            #"{"a":{"b":2}}"#
        ),
        ProcessorCase(
            "drop_fields: a nested key that is there twice",
            #"{"a":{"b":1,"c":2,"b":3}}"#,
            [["drop_fields": ["fields": ["a.b"]]]],
            #"{"a":{"c":2}}"#
        ),
        ProcessorCase(
            "drop_fields: a nested key with escapes",
            #"{"a":{"\u0062":1,"c":2}}"#,
            [["drop_fields": ["fields": ["a.b"]]]],
            #"{"a":{"c":2}}"#
        ),
        ProcessorCase(
            "drop_fields: what is not there",
            #"{"a":1}"#,
            [["drop_fields": ["fields": ["b", "a.b", "c.d"]]]],
            #"{"a":1}"#
        ),
        ProcessorCase(
            "drop_fields: the time stays",
            #"{"@timestamp":"2020-01-01T00:00:00Z","a":1}"#,
            [["drop_fields": ["fields": ["@timestamp", "a"]]]],
            #"{"@timestamp":"2020-01-01T00:00:00Z"}"#
        ),
        // include_fields
        ProcessorCase(
            "include_fields: only these",
            #"{"a":1,"b":2,"c":3}"#,
            [["include_fields": ["fields": ["c", "a", "x"]]]],
            #"{"a":1,"c":3}"#
        ),
        ProcessorCase(
            "include_fields: nested",
            #"{"a":{"b":1,"c":{"d":2,"e":3}},"z":{"y":1}}"#,
            [["include_fields": ["fields": ["a.c.d", "a.b", "z"]]]],
            #"{"z":{"y":1},"a":{"c":{"d":2},"b":1}}"#
        ),
        ProcessorCase(
            "include_fields: the time stays",
            #"{"@timestamp":"2020-01-01T00:00:00Z","a":1,"b":2}"#,
            [["include_fields": ["fields": ["a"]]]],
            #"{"@timestamp":"2020-01-01T00:00:00Z","a":1}"#
        ),
        ProcessorCase(
            "include_fields: what was added before",
            #"{"a":1}"#,
            [["add_fields": ["target": "", "fields": ["b": 2, "c": 3]]], ["include_fields": ["fields": ["c"]]]],
            #"{"c":3}"#
        ),
        // rename
        ProcessorCase(
            "rename: top level",
            #"{"a":1,"b":2}"#,
            [["rename": ["fields": [["from": "a", "to": "x"]]]]],
            #"{"b":2,"x":1}"#
        ),
        ProcessorCase(
            "rename: into and out of objects",
            #"{"a":1,"b":{"c":2}}"#,
            [["rename": ["fields": [["from": "a", "to": "x.y"], ["from": "b.c", "to": "d"]]]]],
            #"{"b":{},"x":{"y":1},"d":2}"#
        ),
        ProcessorCase(
            "rename: a becomes a.b",
            #"{"a":1}"#,
            [["rename": ["fields": [["from": "a", "to": "a.b"]]]]],
            #"{"a":{"b":1}}"#
        ),
        ProcessorCase(
            "rename: a.b becomes a",
            #"{"a":{"b":1}}"#,
            [["rename": ["fields": [["from": "a.b", "to": "c"], ["from": "a", "to": "d"]]]]],
            #"{"c":1,"d":{}}"#
        ),
        ProcessorCase(
            "rename: never overwrites",
            #"{"a":1,"b":2}"#,
            [["rename": ["fields": [["from": "a", "to": "b"]]]]],
            #"{"a":1,"b":2,"error":{"message":"Failed to rename fields in processor: target field b already exists, drop or rename this field first"}}"#
        ),
        ProcessorCase(
            "rename: what is missing fails",
            #"{"b":2}"#,
            [["rename": ["fields": [["from": "a", "to": "c"]]]]],
            #"{"b":2,"error":{"message":"Failed to rename fields in processor: could not fetch value for key: a, Error: key not found"}}"#
        ),
        ProcessorCase(
            "rename: what is missing may be ignored",
            #"{"b":2}"#,
            [["rename": ["ignore_missing": true, "fields": [["from": "a", "to": "c"], ["from": "b", "to": "d"]]]]],
            #"{"d":2}"#
        ),
        ProcessorCase(
            "rename: a failure puts everything back",
            #"{"a":1,"b":{"x":2},"c":3}"#,
            [
                [
                    "rename": [
                        "fields": [
                            ["from": "a", "to": "z"], ["from": "b.x", "to": "y"], ["from": "nope", "to": "n"],
                        ]
                    ]
                ]
            ],
            #"{"a":1,"b":{"x":2},"c":3,"error":{"message":"Failed to rename fields in processor: could not fetch value for key: nope, Error: key not found"}}"#
        ),
        ProcessorCase(
            "rename: without fail_on_error the rest is done",
            #"{"a":1,"c":3}"#,
            [
                [
                    "rename": [
                        "fail_on_error": false,
                        "fields": [["from": "a", "to": "z"], ["from": "nope", "to": "n"], ["from": "c", "to": "y"]],
                    ]
                ]
            ],
            #"{"z":1,"y":3}"#
        ),
        ProcessorCase(
            "rename: a place that cannot be",
            #"{"a":1,"c":3}"#,
            [["rename": ["fields": [["from": "a", "to": "c.x"]]]]],
            #"{"a":1,"c":3,"error":{"message":"Failed to rename fields in processor: could not put value: c.x: a part of the name is there and no object"}}"#
        ),
        ProcessorCase(
            "rename: to the time",
            #"{"t":"2020-01-01T00:00:00Z"}"#,
            [["rename": ["fields": [["from": "t", "to": "@timestamp"]]]]],
            "{}"
        ),
        // copy_fields
        ProcessorCase(
            "copy_fields: top level and nested",
            #"{"a":{"b":1},"c":[2]}"#,
            [["copy_fields": ["fields": [["from": "a.b", "to": "x"], ["from": "c", "to": "y.z"]]]]],
            #"{"a":{"b":1},"c":[2],"x":1,"y":{"z":[2]}}"#
        ),
        ProcessorCase(
            "copy_fields: never overwrites",
            #"{"a":1,"b":2}"#,
            [["copy_fields": ["fields": [["from": "a", "to": "b"]]]]],
            #"{"a":1,"b":2,"error":{"message":"Failed to copy fields in copy_fields processor: target field b already exists, drop or rename this field first"}}"#
        ),
        ProcessorCase(
            "copy_fields: the time as text",
            #"{"@timestamp":"2020-01-01T00:00:00Z"}"#,
            [["copy_fields": ["fields": [["from": "@timestamp", "to": "t"]]]]],
            #"{"@timestamp":"2020-01-01T00:00:00Z","t":"2020-01-01T00:00:00.000Z"}"#
        ),
        // if, then, else
        ProcessorCase(
            "if: then",
            #"{"a":1}"#,
            [
                [
                    "if": ["equals": ["a": 1]], "then": [["add_tags": ["tags": ["yes"]]]],
                    "else": [["add_tags": ["tags": ["no"]]]],
                ]
            ],
            #"{"a":1,"tags":["yes"]}"#
        ),
        ProcessorCase(
            "if: else",
            #"{"a":2}"#,
            [
                [
                    "if": ["equals": ["a": 1]], "then": [["add_tags": ["tags": ["yes"]]]],
                    "else": [["add_tags": ["tags": ["no"]]]],
                ]
            ],
            #"{"a":2,"tags":["no"]}"#
        ),
        ProcessorCase(
            "if: a single processor is a mapping",
            #"{"a":1}"#,
            [["if.equals.a": 1, "then": ["add_tags": ["tags": ["yes"]]]]],
            #"{"a":1,"tags":["yes"]}"#
        ),
        ProcessorCase(
            "if: a branch ends at its first failure, the list does not",
            #"{"a":1}"#,
            [
                [
                    "if": ["has_fields": ["a"]],
                    "then": [["rename": ["fields": [["from": "x", "to": "y"]]]], ["add_tags": ["tags": ["in"]]]],
                ], ["add_tags": ["tags": ["out"]]],
            ],
            #"{"a":1,"error":{"message":"Failed to rename fields in processor: could not fetch value for key: x, Error: key not found"},"tags":["out"]}"#
        ),
        ProcessorCase(
            "if: what one branch drops is dropped",
            #"{"a":1}"#,
            [
                [
                    "if": ["has_fields": ["a"]],
                    "then": [["drop_event": ["when": ["has_fields": ["a"]]]], ["add_tags": ["tags": ["in"]]]],
                ]
            ],
            "(dropped)"
        ),
        // when
        ProcessorCase(
            "when: holds",
            #"{"a":1}"#,
            [["add_tags": ["tags": ["x"], "when": ["equals": ["a": 1]]]]],
            #"{"a":1,"tags":["x"]}"#
        ),
        ProcessorCase(
            "when: does not hold",
            #"{"a":2}"#,
            [["add_tags": ["tags": ["x"], "when.equals.a": 1]]],
            #"{"a":2}"#
        ),
        ProcessorCase(
            "when: as Filebeat's own file has it",
            #"{"tags":["forwarded"]}"#,
            [["add_fields": ["fields": ["x": 1], "when.not.contains.tags": "forwarded"]]],
            #"{"tags":["forwarded"]}"#
        ),
    ]

    @Test(arguments: otherCases)
    func processor(_ test: ProcessorCase) {
        #expect(Pipe(processors: test.processors).run(test.line) == test.document)
    }

    // MARK: Raw text

    @Test func rawTextCanBeRenamedCopiedAndNested() {
        let processors: ConfigurationNode = [
            ["copy_fields": ["fields": [["from": "message", "to": "log.original"]]]],
            ["rename": ["fields": [["from": "message", "to": "text"]]]],
        ]
        let pipe = Pipe(parser: PlainParser(), processors: processors)
        #expect(pipe.run("he said \"\t\"") == #"{"log":{"original":"he said \"\t\""},"text":"he said \"\t\""}"#)
    }

    // MARK: What the source gives

    static let common: [(key: String, json: String)] = [
        ("log", #"{"file":{"path":"/a"}}"#), ("tags", #"["g"]"#), ("fields", #"{"env":"test"}"#), ("n", "5"),
    ]

    static let commonCases: [ProcessorCase] = [
        ProcessorCase(
            "nothing changed",
            #"{"a":1}"#,
            [],
            #"{"a":1,"log":{"file":{"path":"/a"}},"tags":["g"],"fields":{"env":"test"},"n":5}"#
        ),
        ProcessorCase(
            "add_fields merges with it",
            #"{"a":1}"#,
            [["add_fields": ["fields": ["x": 1]]]],
            #"{"a":1,"fields":{"env":"test","x":1},"log":{"file":{"path":"/a"}},"tags":["g"],"n":5}"#
        ),
        ProcessorCase(
            "add_fields replaces it",
            #"{"a":1}"#,
            [["add_fields": ["target": "", "fields": ["n": 6, "log": "x"]]]],
            #"{"a":1,"n":6,"log":"x","tags":["g"],"fields":{"env":"test"}}"#
        ),
        ProcessorCase(
            "add_tags appends to it",
            #"{"a":1}"#,
            [["add_tags": ["tags": ["h"]]]],
            #"{"a":1,"tags":["g","h"],"log":{"file":{"path":"/a"}},"fields":{"env":"test"},"n":5}"#
        ),
        ProcessorCase(
            "drop_fields drops it",
            #"{"a":1}"#,
            [["drop_fields": ["fields": ["log.file.path", "tags", "fields"]]]],
            #"{"a":1,"log":{"file":{}},"n":5}"#
        ),
        ProcessorCase(
            "include_fields leaves out what is not named",
            #"{"a":1}"#,
            [["include_fields": ["fields": ["log.file", "n"]]]],
            #"{"log":{"file":{"path":"/a"}},"n":5}"#
        ),
        ProcessorCase(
            "rename moves it",
            #"{"a":1}"#,
            [
                ["drop_fields": ["fields": ["tags", "fields"]]],
                ["rename": ["fields": [["from": "log.file.path", "to": "path"], ["from": "n", "to": "m.n"]]]],
            ],
            #"{"a":1,"log":{"file":{}},"path":"/a","m":{"n":5}}"#
        ),
        ProcessorCase(
            "conditions see it",
            #"{"a":1}"#,
            [
                [
                    "drop_event": [
                        "when": [
                            "and": [
                                ["equals": ["log.file.path": "/a"]], ["contains": ["tags": "g"]],
                                ["range": ["n": ["gte": 5]]],
                            ]
                        ]
                    ]
                ]
            ],
            "(dropped)"
        ),
    ]

    @Test(arguments: commonCases)
    func commonFields(_ test: ProcessorCase) {
        let pipe = Pipe(processors: test.processors, common: Self.common)
        // Twice, since the second event may be given what was made for the first.
        #expect(
            pipe.run([test.line, test.line]) == (test.document == "(dropped)" ? [] : [test.document, test.document])
        )
    }

    // MARK: add_host_metadata

    static var host: HostMetadata {
        var host = HostMetadata()
        host.name = "web1"
        host.hostname = "web1.example"
        host.architecture = "x86_64"
        host.osType = "linux"
        host.osPlatform = "debian"
        host.ip = ["10.0.0.1", "fe80::1"]
        return host
    }

    @Test func hostMetadata() {
        let context = ProcessorContext(host: Self.host)
        func run(_ line: String, _ options: ConfigurationNode) -> String {
            Pipe(processors: [["add_host_metadata": options]], context: context).run(line)
        }
        let host = #""hostname":"web1.example","architecture":"x86_64","os":{"type":"linux","platform":"debian"}"#
        #expect(run("{}", nil) == #"{"host":{"name":"web1",\#(host),"ip":["10.0.0.1","fe80::1"]}}"#)
        #expect(
            run("{}", ["netinfo.enabled": false, "cache.ttl": "5m", "geo": ["name": "here"]])
                == #"{"host":{"name":"web1",\#(host),"geo":{"name":"here"}}}"#
        )
        #expect(
            run(#"{"host":{"name":"x","k":1}}"#, ["netinfo": ["enabled": false]])
                == #"{"host":{"k":1,"name":"web1",\#(host)}}"#
        )
        let keep: ConfigurationNode = ["netinfo.enabled": false, "replace_fields": false]
        #expect(run(#"{"host":{"name":"x","k":1}}"#, keep) == #"{"host":{"name":"x","k":1}}"#)
        #expect(run(#"{"host":{"name":"x"}}"#, keep) == #"{"host":{"name":"web1",\#(host)}}"#)
    }

    // MARK: The list

    @Test func countsAreOfTheBatch() {
        let processors: ConfigurationNode = [
            ["drop_event": ["when": ["range": ["n.lt": 10]]]],
            ["rename": ["fields": [["from": "x", "to": "y"]]]],
            ["drop_event": ["when": ["equals": ["n": 20]]]],
        ]
        let lines = (0..<100).map { #"{"n":\#($0)\#($0 % 2 == 0 ? #","x":1"# : "")}"# } + ["no JSON"]
        let counts = Pipe(processors: processors).process(lines)
        #expect(counts == EventPipeline.Counts(parseFailures: 1, dropped: 11, processorFailures: 46))
    }

    @Test func listsRunOneAfterTheOther() {
        let problems = ConfigurationProblems()
        func list(_ node: ConfigurationNode) -> ProcessorList {
            ProcessorList(node: node, context: ProcessorContext(), problems: problems)
        }
        let batch = EventBatch(capacity: 64)
        let pipe = Pipe()
        pipe.fill(batch, [#"{"a":1}"#, #"{"a":2}"#])
        let pipeline = EventPipeline(
            parser: JSONEventParser(),
            processors: list([["drop_event": ["when": ["equals": ["a": 1]]]]]),
            list([["add_tags": ["tags": "t"]]])
        )
        #expect(pipeline.run(batch) == EventPipeline.Counts(dropped: 1))
        #expect(pipe.documents(of: batch) == [#"{"a":2,"tags":["t"]}"#])
    }

    @Test func droppedEventsAreLeftAlone() {
        let batch = EventBatch()
        let processors: ConfigurationNode = [
            ["drop_event": ["when": ["equals": ["a": 1]]]], ["add_tags": ["tags": ["x"]]],
        ]
        #expect(Pipe(processors: processors).run([#"{"a":1}"#, #"{"a":2}"#], in: batch) == [#"{"a":2,"tags":["x"]}"#])
        #expect(batch.value(FieldPath("tags"), of: 0) == nil)
    }
}
