// SPDX-License-Identifier: Apache-2.0

import SluiceReceiver
import Testing

struct LogQLParserTests {
    /// What is written, and what is understood.
    static let understood: [(String, String)] = [
        (#"{app="web"}"#, #"{app="web"}"#),
        (#"{ app = "web" , env!="dev", a=~"x.*",b!~"y" }"#, #"{app="web", env!="dev", a=~"x.*", b!~"y"}"#),
        (#"{app=`a\b`}"#, #"{app="a\\b"}"#),
        (#"{app="a\"\n\u00fc\x41"}"#, "{app=\"a\\\"\\nüA\"}"),
        (#"{a="b"} |= "x" != "y" |~ "z+" !~ `\d`"#, #"{a="b"} |= "x" != "y" |~ "z+" !~ "\\d""#),
        (#"{a="b"} |= "x" or "y""#, #"{a="b"} |= "x" or "y""#),
        ("{a=\"b\"} # a comment\n |= \"x\"", #"{a="b"} |= "x""#),
        (#"({a="b"}) |= "x""#, #"{a="b"} |= "x""#),
        (#"{a="b"} | json | level="error""#, #"{a="b"} | json | level="error""#),
        (
            #"{a="b"} | logfmt | size > 20KB and took>=1.5s or code != 200"#,
            #"{a="b"} | logfmt | ((size>20000B and took>=1500000000ns) or code!=200)"#
        ),
        (
            #"{a="b"} | (x=1 or y<-2), z=~"q""#,
            #"{a="b"} | ((x==1 or y<-2) and z=~"q")"#
        ),
        (#"{a="b"} | drop __error__, x="y" | keep z"#, #"{a="b"} | drop __error__, x="y" | keep z"#),
        (#"count_over_time({a="b"}[5m])"#, #"count_over_time({a="b"}[300000000000ns])"#),
        (#"rate({a="b"} |= "x" [1h30m])"#, #"rate({a="b"} |= "x"[5400000000000ns])"#),
        (#"rate({a="b"}[1s] |= "x")"#, #"rate({a="b"} |= "x"[1000000000ns])"#),
        (#"bytes_rate(({a="b"} |= "x")[1d])"#, #"bytes_rate({a="b"} |= "x"[86400000000000ns])"#),
        (
            #"bytes_over_time({a="b"}[1m] offset 1h)"#,
            #"bytes_over_time({a="b"}[60000000000ns] offset 3600000000000ns)"#
        ),
        (
            #"sum by (level, x) (rate({a="b"}[1s]))"#,
            #"sum by (level, x) (rate({a="b"}[1000000000ns]))"#
        ),
        (
            #"sum(rate({a="b"}[1s])) without(level)"#,
            #"sum without (level) (rate({a="b"}[1000000000ns]))"#
        ),
        (
            #"topk(3, sum by () (rate({a="b"}[1s])))"#,
            #"topk(3, sum by () (rate({a="b"}[1000000000ns])))"#
        ),
        ("vector(1)+vector(1)", "(vector(1) + vector(1))"),
        ("1 + 2 * 3 ^ 2 ^ 1 - 4", "((1 + (2 * (3 ^ (2 ^ 1)))) - 4)"),
        ("(1 + 2) * -3", "((1 + 2) * -3)"),
        ("vector(2) > 1 and vector(3)", "((vector(2) > 1) and vector(3))"),
        ("1e3", "1000"),
    ]

    @Test(arguments: understood)
    func isUnderstood(_ query: String, _ canonical: String) throws {
        #expect(try LogQLParser.parse(query).description == canonical)
    }

    /// What is written, and a part of what is said about it.
    static let refused: [(String, String)] = [
        ("", "unexpected $end"),
        ("{", "parse error at line 1, col 2: syntax error: unexpected $end, expecting IDENTIFIER"),
        (#"{app="web""#, "line 1, col 11: syntax error: unexpected $end, expecting ,"),
        (#"{app "web"}"#, #"line 1, col 6: syntax error: unexpected STRING "web""#),
        ("{app=\"web\"}\n|= 5", "line 2, col 4: syntax error: unexpected NUMBER"),
        (#"{app="web} "#, "literal not terminated"),
        (#"{app="\q"}"#, "invalid char escape"),
        (#"{app=~"("}"#, "error parsing regexp"),
        (#"{a="b"} |~ "[""#, "error parsing regexp"),
        ("{}", "at least one regexp or equality matcher"),
        (#"{app=~".*"}"#, "at least one regexp or equality matcher"),
        (#"{app!="x"}"#, "at least one regexp or equality matcher"),
        (#"{a="b"} }"#, "unexpected }"),
        (#"{a="b"} $"#, "unexpected character"),
        (#"count_over_time({a="b"})"#, "expecting ["),
        (#"count_over_time({a="b"}[5])"#, "expecting DURATION"),
        (#"count_over_time({a="b"}[5m]) by (x)"#, "grouping not allowed"),
        (#"sum({a="b"})"#, "needs samples, not log lines"),
        (#"{a="b"} + 1"#, "binary operation"),
        (#"foo({a="b"})"#, #"unexpected IDENTIFIER "foo""#),
        (#"{a="b"} | line_format "x""#, "not supported by the embedded backend: the stage line_format"),
        (#"sum_over_time({a="b"} [5m])"#, "not supported by the embedded backend: the function sum_over_time"),
        (#"{a="b"} |= ip("1.2.3.4")"#, "not supported by the embedded backend: the filter ip()"),
        (#"{a="b"} |> "<_>x""#, "not supported by the embedded backend: pattern filters"),
        (#"vector(1) == bool vector(1)"#, "not supported by the embedded backend: the modifiers bool"),
        ("5kk", "no number, duration or size"),
        (String(repeating: "(", count: 5000), "nested too deeply"),
    ]

    @Test(arguments: refused)
    func isRefused(_ query: String, _ message: String) {
        let error = #expect(throws: LogQLError.self) { try LogQLParser.parse(query) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
