// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import Testing

/// What Filebeat's `json.*` options say, option by option.
@Suite struct JSONEventParserTests {
    static let filebeat: ConfigurationNode = [:]

    private func parse(
        _ line: String,
        _ options: ConfigurationNode,
        common: [(key: String, json: String)] = [],
        native: Bool = false,
        writesTimestamp: Bool = false
    ) -> String {
        let problems = ConfigurationProblems()
        let section = ConfigurationSection(options, problems: problems)
        let read = native ? JSONParserOptions(section) : JSONParserOptions(filebeat: section)
        section.finish()
        if !problems.isEmpty { return problems.description }
        return Pipe(parser: JSONEventParser(read), common: common, writesTimestamp: writesTimestamp).run(line)
    }

    // MARK: keys_under_root

    @Test func withoutKeysUnderRootTheObjectStandsUnderJSON() {
        #expect(
            parse(#"{"a":1,"@timestamp":"2020-01-01T00:00:00Z"}"#, [:])
                == #"{"json":{"a":1,"@timestamp":"2020-01-01T00:00:00Z"}}"#
        )
    }

    @Test func nativelyKeysAreUnderRoot() {
        #expect(parse(#" {"a": 1, "b": [1, 2]} "#, [:], native: true) == #"{"a": 1, "b": [1, 2]}"#)
    }

    @Test func anEmptyObjectHasNoFields() {
        #expect(parse("{}", ["keys_under_root": true]) == "{}")
        #expect(parse("{ }", [:]) == #"{"json":{ }}"#)
    }

    // MARK: What cannot be read

    @Test func aLineThatIsNoJSONIsAMessage() {
        #expect(parse("hello \"you\"", [:]) == #"{"message":"hello \"you\""}"#)
        #expect(parse("hello", ["keys_under_root": true, "message_key": "log"]) == #"{"message":"hello"}"#)
    }

    @Test func withAddErrorKeyItSaysWhy() {
        let error = #"{"message":"Error decoding JSON: a value was expected (byte 0)","type":"json"}"#
        #expect(
            parse("hello", ["keys_under_root": true, "add_error_key": true])
                == #"{"message":"hello","error":\#(error)}"#
        )
        #expect(parse("hello", ["add_error_key": true]) == #"{"message":"hello","json":{"error":\#(error)}}"#)
    }

    @Test func theRawTextGoesToTheMessageKey() {
        let error = #"{"message":"Error decoding JSON: a value was expected (byte 0)","type":"json"}"#
        #expect(
            parse("he\tllo", ["keys_under_root": true, "add_error_key": true, "message_key": "log"])
                == #"{"log":"he\tllo","error":\#(error)}"#
        )
        #expect(
            parse("he\tllo", ["add_error_key": true, "message_key": "log"])
                == #"{"json":{"error":\#(error),"log":"he\tllo"}}"#
        )
    }

    @Test(arguments: ["[1]", "1", "null", "\"text\"", "", "{", #"{"a":1}x"#, "{\"a\":\"\u{1}\"}"])
    func everythingButAnObjectFails(line: String) {
        let pipe = Pipe()
        #expect(pipe.process([line]).parseFailures == 1)
    }

    @Test func failuresStopNothing() {
        let counts = Pipe().process([#"{"a":1}"#, "no", #"{"b":2}"#, "{", "{}"])
        #expect(counts == EventPipeline.Counts(parseFailures: 2))
    }

    // MARK: message_key

    @Test func aMissingMessageKeyIsAnError() {
        let error = #"{"message":"Key 'msg' not found","type":"json"}"#
        #expect(
            parse(#"{"a":1}"#, ["keys_under_root": true, "add_error_key": true, "message_key": "msg"])
                == #"{"a":1,"error":\#(error)}"#
        )
        #expect(
            parse(#"{"a":1}"#, ["add_error_key": true, "message_key": "msg"])
                == #"{"json":{"a":1,"error":\#(error)}}"#
        )
        #expect(parse(#"{"a":1}"#, ["keys_under_root": true, "message_key": "msg"]) == #"{"a":1}"#)
    }

    @Test func aMessageKeyThatIsNoStringIsAnError() {
        let error = #"{"message":"Value of key 'msg' is not a string","type":"json"}"#
        #expect(
            parse(#"{"msg":1}"#, ["keys_under_root": true, "add_error_key": true, "message_key": "msg"])
                == #"{"msg":1,"error":\#(error)}"#
        )
        #expect(
            parse(#"{"msg":"x"}"#, ["keys_under_root": true, "add_error_key": true, "message_key": "msg"])
                == #"{"msg":"x"}"#
        )
    }

    // MARK: overwrite_keys

    static let common: [(key: String, json: String)] = [
        ("log", #"{"file":{"path":"/a"},"offset":7}"#), ("input", #""file""#),
    ]

    @Test func withoutConflictTheSourceAddsItsFields() {
        #expect(
            parse(#"{"a":1}"#, ["keys_under_root": true], common: Self.common)
                == #"{"a":1,"log":{"file":{"path":"/a"},"offset":7},"input":"file"}"#
        )
    }

    @Test func withoutOverwriteKeysTheSourceWins() {
        #expect(
            parse(#"{"log":{"offset":1,"x":2},"input":5}"#, ["keys_under_root": true], common: Self.common)
                == #"{"log":{"x":2,"file":{"path":"/a"},"offset":7},"input":"file"}"#
        )
    }

    @Test func withOverwriteKeysTheLineWins() {
        let options: ConfigurationNode = ["keys_under_root": true, "overwrite_keys": true]
        #expect(
            parse(#"{"log":{"offset":1,"x":2},"input":5}"#, options, common: Self.common)
                == #"{"log":{"file":{"path":"/a"},"offset":1,"x":2},"input":5}"#
        )
        #expect(parse(#"{"log":"text"}"#, options, common: Self.common) == #"{"log":"text","input":"file"}"#)
    }

    @Test func withoutOverwriteKeysTimestampAndMetadataAreDropped() {
        #expect(
            parse(
                #"{"@timestamp":"2020-01-01T00:00:00Z","a":1,"@metadata":{"x":1}}"#,
                ["keys_under_root": true]
            ) == #"{"a":1}"#
        )
    }

    @Test(arguments: [
        ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"),
        ("2020-01-01T00:00:00.123456789Z", "2020-01-01T00:00:00.123456789Z"),
        ("2020-01-01T00:00:00.5+02:00", "2020-01-01T00:00:00.5+02:00"),
        // Written otherwise than Elasticsearch wants it, it is written anew.
        ("2020-01-01 00:00:00Z", "2020-01-01T00:00:00.000Z"),
        ("2020-01-01T00:00:00,25Z", "2020-01-01T00:00:00.250Z"),
        ("2020-01-01T00:00:00.000+0200", "2019-12-31T22:00:00.000Z"),
        ("2020-01-01T01:00:00\\u002b01:00", "2020-01-01T00:00:00.000Z"),
        ("2020-01-01T00:00:00.1234567891Z", "2020-01-01T00:00:00.123456789Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
    ])
    func withOverwriteKeysTheTimestampIsTheLines(written: String, document: String) {
        let line = #"{"a":1,"@timestamp":"\#(written)"}"#
        let options: ConfigurationNode = ["keys_under_root": true, "overwrite_keys": true]
        let result = parse(line, options, writesTimestamp: true)
        #expect(result == #"{"a":1,"@timestamp":"\#(document)"}"# || result == #"{"@timestamp":"\#(document)","a":1}"#)
    }

    @Test func aTimestampThatIsNoneIsAnError() {
        let options: ConfigurationNode = ["keys_under_root": true, "overwrite_keys": true, "add_error_key": true]
        #expect(
            parse(#"{"@timestamp":5}"#, options)
                == #"{"error":{"message":"@timestamp not overwritten (not string)","type":"json"}}"#
        )
        #expect(
            parse(#"{"@timestamp":"now"}"#, options)
                == #"{"error":{"message":"@timestamp not overwritten (parse error on now)","type":"json"}}"#
        )
    }

    @Test func metadataIsKeptForFormatStringsAndInNoDocument() throws {
        let pipe = Pipe()
        let batch = EventBatch()
        #expect(pipe.run([#"{"@metadata":{"index":"x"},"a":1}"#], in: batch) == [#"{"a":1}"#])
        let output = ByteArena()
        let format = try FormatString("%{[@metadata.index]}")
        #expect(format.append(batch, 0, to: output))
        #expect(output.string == "x")
    }

    @Test func typeMustBeTextThatDoesNotBeginWithAnUnderscore() {
        let options: ConfigurationNode = ["keys_under_root": true, "overwrite_keys": true, "add_error_key": true]
        #expect(parse(#"{"type":"a"}"#, options) == #"{"type":"a"}"#)
        #expect(
            parse(#"{"type":5}"#, options)
                == #"{"error":{"message":"type not overwritten (not string)","type":"json"}}"#
        )
        #expect(
            parse(#"{"type":"_doc"}"#, options)
                == #"{"error":{"message":"type not overwritten (invalid value [_doc])","type":"json"}}"#
        )
        #expect(parse(#"{"type":5}"#, [:], native: true) == #"{"type":5}"#)
    }

    // MARK: expand_keys

    @Test(arguments: [
        (#"{"a.b":1,"a.c":2}"#, #"{"a":{"b":1,"c":2}}"#),
        (#"{"a.b.c.d":1}"#, #"{"a":{"b":{"c":{"d":1}}}}"#),
        (#"{"a":{"x":0},"z":1,"a.y":2}"#, #"{"a":{"y":2,"x":0},"z":1}"#),
        (#"{"o":{"a.b":1,"a.c":[{"x.y":1}]}}"#, #"{"o":{"a":{"b":1,"c":[{"x.y":1}]}}}"#),
        (#"{"a.b":{"c":1},"a.b.d":2}"#, #"{"a":{"b":{"d":2,"c":1}}}"#),
        (#"{"a..b":1,".c":2,"d.":3,"e":4}"#, #"{"a..b":1,".c":2,"d.":3,"e":4}"#),
        (#"{"a":1.5}"#, #"{"a":1.5}"#),
        (#"{"a.b":1,"a.b":2}"#, #"{"a":{"b":2}}"#),
    ])
    func dottedKeysBecomeObjects(line: String, document: String) {
        #expect(parse(line, ["keys_under_root": true, "expand_keys": true]) == document)
    }

    @Test func keysThatContradictAreAnErrorAndStayAsTheyAre() {
        let options: ConfigurationNode = ["keys_under_root": true, "expand_keys": true, "add_error_key": true]
        for line in [#"{"a":1,"a.b":2}"#, #"{"a.b":2,"a":1}"#, #"{"a":{"b":1},"a.b":2}"#] {
            #expect(
                parse(line, options)
                    == line.dropLast()
                    + #","error":{"message":"cannot expand \"\#(line.contains("{\"b") ? "b" : "a")\": "#
                    + #"found conflicting key","type":"json"}}"#
            )
        }
    }

    @Test func expandedKeysMeetTheSourcesFields() {
        let options: ConfigurationNode = ["keys_under_root": true, "expand_keys": true]
        #expect(
            parse(#"{"log.offset":1,"log.x":2}"#, options, common: Self.common)
                == #"{"log":{"x":2,"file":{"path":"/a"},"offset":7},"input":"file"}"#
        )
    }

    @Test func hostileKeysDoNotCostMoreThanTheirLength() {
        let deep = String(repeating: "a.", count: 100_000) + "a"
        let wide = (0..<20_000).map { #""a.k\#($0)":1"# }.joined(separator: ",")
        let batch = EventBatch()
        var options = JSONParserOptions()
        options.expandKeys = true
        let pipe = Pipe(parser: JSONEventParser(options))
        let documents = pipe.run([#"{"\#(deep)":1}"#, "{\(wide)}"], in: batch)
        #expect(documents.count == 2)
        #expect(documents[1].hasPrefix(#"{"a":{"k0":1,"k1":1,"#))
        #expect(batch.arena.count < 4 << 20)
    }

    // MARK: Keys

    @Test func ofDuplicatesTheLastCounts() {
        #expect(parse(#"{"a":1,"b":2,"a":3}"#, [:], native: true) == #"{"b":2,"a":3}"#)
        #expect(parse(#"{"a":1,"\u0061":2}"#, [:], native: true) == #"{"\u0061":2}"#)
    }

    @Test func keysWithEscapesAreTheirText() {
        let pipe = Pipe(processors: [["drop_fields": ["fields": ["käse", "a\"b", "x/y"]]]])
        #expect(pipe.run(#"{"k\u00e4se":1,"a\u0022b":2,"x\/y":3,"z":4}"#) == #"{"z":4}"#)
    }

    @Test func manyKeysAreAllFoundAndDuplicatesOfAllAreDropped() {
        let members = (0..<200).map { #""k\#($0)":\#($0)"# }
        let line = "{" + (members + [#""k5":"new""#, #""k150":"new""#]).joined(separator: ",") + "}"
        let kept = members.enumerated().filter { $0.offset != 5 && $0.offset != 150 }.map(\.element)
        let batch = EventBatch()
        let documents = Pipe().run([line, "{" + members.joined(separator: ",") + "}", line], in: batch)
        let expected = "{" + (kept + [#""k5":"new""#, #""k150":"new""#]).joined(separator: ",") + "}"
        #expect(documents == [expected, "{" + members.joined(separator: ",") + "}", expected])
        for number in 0..<200 where number != 5 && number != 150 {
            #expect(batch.value(FieldPath("k\(number)"), of: 0)?.integer == Int64(number))
        }
        #expect(batch.value(FieldPath("k150"), of: 0)?.string == "new")
        #expect(batch.value(FieldPath("k150"), of: 1)?.string == "150")
    }

    @Test func anObjectWithMoreMembersThanAnEventCanHaveIsKeptAsText() {
        let line = "{" + (0..<66_000).map { #""k\#($0)":0"# }.joined(separator: ",") + "}"
        let counts = Pipe().process([line])
        #expect(counts.parseFailures == 1)
    }

    @Test func lineFeedsBetweenTokensAreReplaced() {
        #expect(
            parse("{\n\"a\":\n{\"b\":\r\n1},\n\"c\": \"x\\n\"\n}", [:], native: true)
                == "{ \"a\": {\"b\":\r 1}, \"c\": \"x\\n\" }"
        )
        #expect(parse("{\n\"a\":\n1}", [:]) == "{\"json\":{ \"a\": 1}}")
    }
}
