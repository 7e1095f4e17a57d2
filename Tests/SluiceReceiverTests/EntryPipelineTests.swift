// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluicePatterns
import SluiceReceiver
import Testing

/// The stages of a query over single lines.
struct EntryPipelineTests {
    /// The labels of a line that gets through, as text; nil if it does not.
    private func run(_ stages: String, _ line: String, metadata: String = "") throws -> String? {
        guard case .logs(let selector) = try LogQLParser.parse("{app=\"web\"} " + stages) else { return nil }
        let pipeline = EntryPipeline(selector.stages)
        pipeline.begin(LabelSet([LabelSet.Label(name: "app", value: "web")]))
        return try line.withByteView { line in
            try metadata.withByteView { metadata in
                try pipeline.process(line, metadata: metadata) ? pipeline.labels.description : nil
            }
        }
    }

    static let lines: [(stages: String, line: String, isKept: Bool)] = [
        (#"|= "needle""#, "hay needle hay", true),
        (#"|= "needle""#, "hay", false),
        (#"|= """#, "", true),
        (#"|= "a" |= "b""#, "b a", true),
        (#"|= "a" != "b""#, "b a", false),
        (#"|= "x" or "y""#, "only y", true),
        (#"|~ "^h.y$""#, "hay", true),
        (#"|~ "(?i)HAY""#, "some hay", true),
        (#"!~ "\\d{3}""#, "error 404", false),
        (#"!~ "\\d{3}""#, "error 40", true),
        (#"|~ "ü+""#, "xüüx", true),
        (#"| app="web""#, "", true),
        (#"| app!="web""#, "", false),
        (#"| missing="" "#, "", true),
        (#"| json | code>=500"#, #"{"code":503}"#, true),
        (#"| json | code>=500"#, #"{"code":404}"#, false),
        (#"| json | code=200 or name="x""#, #"{"code":1,"name":"x"}"#, true),
        (#"| json | code=200 and name="x""#, #"{"code":1,"name":"x"}"#, false),
        (#"| logfmt | took > 1s"#, "took=1500ms msg=\"a b\"", true),
        (#"| logfmt | took > 1s"#, "took=999ms", false),
        (#"| logfmt | size >= 1KiB"#, "size=1KiB", true),
    ]

    @Test(arguments: lines)
    func keepsOrDrops(_ stages: String, _ line: String, _ isKept: Bool) throws {
        #expect(try (run(stages, line) != nil) == isKept)
    }

    @Test func jsonFieldsBecomeLabels() throws {
        let line = #"{"a":{"b-c":1.5,"list":[1]},"n":null,"t":true,"app":"other","s":"x\ty"}"#
        #expect(
            try run("| json", line)
                == #"{a_b_c="1.5", app="web", app_extracted="other", s="x\ty", t="true"}"#
        )
    }

    @Test func aLineThatIsNoJSONIsMarked() throws {
        #expect(try run("| json", "plain") == #"{__error__="JSONParserErr", app="web"}"#)
        #expect(try run("| json | drop __error__", "plain") == #"{app="web"}"#)
    }

    @Test func logfmtPairsBecomeLabels() throws {
        #expect(
            try run("| logfmt", #"level=info msg="a \"b\"" bare x.y=2"#)
                == #"{app="web", level="info", msg="a \"b\"", x_y="2"}"#
        )
    }

    @Test func metadataIsAmongTheLabels() throws {
        #expect(try run("", "x", metadata: #"{"trace":"1"}"#) == #"{app="web", trace="1"}"#)
        #expect(try run(#"| trace="1""#, "x", metadata: #"{"trace":"1"}"#) != nil)
        #expect(try run(#"| trace="2""#, "x", metadata: #"{"trace":"1"}"#) == nil)
        #expect(try run("| drop trace", "x", metadata: #"{"trace":"1"}"#) == #"{app="web"}"#)
        #expect(try run("| keep trace", "x", metadata: #"{"trace":"1"}"#) == #"{trace="1"}"#)
        #expect(try run(#"| drop trace="2""#, "x", metadata: #"{"trace":"1"}"#) == #"{app="web", trace="1"}"#)
    }

    @Test func matchersMatchTheWholeValue() throws {
        let cases: [(String, String, Bool)] = [
            (#"{a=~"x|y"}"#, "x", true), (#"{a=~"x|y"}"#, "xx", false), (#"{a=~"x.*"}"#, "xyz", true),
            (#"{a!~"x"}"#, "y", true), (#"{a="x"}"#, "x", true), (#"{a="X"}"#, "x", false),
        ]
        for (query, value, isMatch) in cases {
            let matcher = try #require(try LogQLParser.parseMatchers(query.replacing("}", with: ",z=\"1\"}")).first)
            #expect(try matcher.matches(value) == isMatch, "\(query) \(value)")
        }
    }

    @Test func aPatternThatNeedsTooLongIsGivenUp() throws {
        let line = String(repeating: "a", count: 40) + "b"
        #expect(throws: RegularExpression.Failure.self) { try run(#"|~ "^(a+)+$""#, line) }
    }
}
