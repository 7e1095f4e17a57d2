// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import Testing

/// What processors do to raw text, to what the source gives, and as a list.
@Suite struct ProcessorTests {
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
        #expect(run("{}", .null) == #"{"host":{"name":"web1",\#(host),"ip":["10.0.0.1","fe80::1"]}}"#)
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
