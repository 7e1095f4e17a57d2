// SPDX-License-Identifier: Apache-2.0

import SluiceReceiver
import Testing

/// Loki's reading half, as Grafana and logcli ask, over HTTP.
struct LokiQueryTests {
    private static let base = "/loki/api/v1"
    private static let second: Int64 = 1_000_000_000

    /// Two streams with an entry each ten seconds, the last a minute ago.
    private static func filled(_ body: @Sendable @escaping (LiveReceiver, Int64) async throws -> Void) async throws {
        try await LiveReceiver.run({ $0.loki.addsServiceName = false }) { (live: LiveReceiver) async throws in
            let start = (LiveReceiver.now / second - 200) * second
            for (name, count) in [("a", 12), ("b", 6)] {
                let values = (0..<count).map { (start + Int64($0) * 10 * second, "\(name) line \($0)") }
                let answer = try await live.loki(
                    "POST",
                    "/loki/api/v1/push",
                    LiveReceiver.push("{\"app\":\"\(name)\"}", values)
                )
                #expect(answer.status == 204)
            }
            try await body(live, start)
        }
    }

    private static func get(_ live: LiveReceiver, _ path: String, _ query: String, _ more: String = "") async throws
        -> JSONTree
    {
        let answer = try await live.loki("GET", "\(base)/\(path)?query=\(LiveReceiver.encode(query))\(more)")
        try #require(answer.status == 200, "\(answer.text)")
        let tree = try JSONTree(answer.text)
        try #require(tree["status"]?.text == "success")
        return tree
    }

    @Test func startIsPartOfTheTimeAndEndIsNot() async throws {
        try await Self.filled { (live: LiveReceiver, start: Int64) async throws in
            let lines = try await live.lines(#"{app="a"}"#, "&start=\(start)&end=\(start + 20 * Self.second)")
            #expect(lines == ["a line 0", "a line 1"])
        }
    }

    @Test func directionAndLimitChooseTheEnds() async throws {
        try await Self.filled { (live: LiveReceiver, _: Int64) async throws in
            func lines(_ more: String) async throws -> [String] {
                let tree = try await Self.get(live, "query_range", #"{app="a"}"#, more)
                return tree["data"]?["result"]?.elements.first?["values"]?.elements.map { $0.elements[1].text } ?? []
            }
            #expect(try await lines("&limit=2&direction=forward") == ["a line 0", "a line 1"])
            #expect(try await lines("&limit=2&direction=BACKWARD") == ["a line 11", "a line 10"])
            #expect(try await lines("&limit=2") == ["a line 11", "a line 10"])
            #expect(try await lines("").count == 12)
            // Over several streams the limit counts once.
            let both = try await Self.get(live, "query_range", #"{app=~"a|b"}"#, "&limit=3&direction=forward")
            let found = both["data"]?["result"]?.elements.flatMap {
                $0["values"]?.elements.map { $0.elements[1].text } ?? []
            }
            #expect(Set(found ?? []) == ["a line 0", "b line 0", "a line 1"])
        }
    }

    @Test func timesAreUnderstoodInEveryForm() async throws {
        try await Self.filled { (live: LiveReceiver, start: Int64) async throws in
            let seconds = start / Self.second
            for end in ["\(start + 1)", "\(seconds).5", "\(seconds + 1)"] {
                let lines = try await live.lines(#"{app="a"}"#, "&start=\(seconds)&end=\(end)")
                #expect(lines == ["a line 0"], "\(end)")
            }
            let bad = try await live.loki("GET", "\(Self.base)/query_range?query=%7Ba=%22b%22%7D&start=yesterday")
            #expect(bad.status == 400)
        }
    }

    @Test func everyMatcherAndFilterWorks() async throws {
        try await Self.filled { (live: LiveReceiver, _: Int64) async throws in
            #expect(try await live.lines(#"{app=~".+", app!="a"}"#).count == 6)
            #expect(try await live.lines(#"{app!~"b|c", app=~".+"}"#).count == 12)
            #expect(try await live.lines(#"{app="a"} |= "line 1" != "11""#) == ["a line 1", "a line 10"])
            #expect(try await live.lines(#"{app="a"} |~ "line [23]$""#) == ["a line 2", "a line 3"])
            #expect(try await live.lines(#"{app="none"}"#) == [])
        }
    }

    @Test func entriesAreCountedInWindows() async throws {
        try await Self.filled { (live: LiveReceiver, start: Int64) async throws in
            // Windows are open at their beginning and closed at their end.
            let tree = try await Self.get(
                live,
                "query_range",
                #"sum by (app) (count_over_time({app=~"a|b"}[20s]))"#,
                "&start=\(start)&end=\(start + 40 * Self.second)&step=20"
            )
            #expect(tree["data"]?["resultType"]?.text == "matrix")
            let result = tree["data"]?["result"]?.elements ?? []
            #expect(result.map { $0["metric"]?.text } == [#"{"app":"a"}"#, #"{"app":"b"}"#])
            let seconds = start / Self.second
            #expect(result[0]["values"]?.text == "[[\(seconds),\"1\"],[\(seconds + 20),\"2\"],[\(seconds + 40),\"2\"]]")
        }
    }

    @Test func instantQueriesGiveAVector() async throws {
        try await Self.filled { (live: LiveReceiver, start: Int64) async throws in
            let at = "&time=\(start / Self.second + 60)"
            func values(_ query: String) async throws -> [String: String] {
                let tree = try await Self.get(live, "query", query, at)
                #expect(tree["data"]?["resultType"]?.text == "vector")
                var values: [String: String] = [:]
                for element in tree["data"]?["result"]?.elements ?? [] {
                    values[element["metric"]?.text ?? ""] = element["value"]?.elements[1].text
                }
                return values
            }
            let both = #"{app=~"a|b"}"#
            #expect(try await values("count_over_time(\(both)[1m])") == [#"{"app":"a"}"#: "6", #"{"app":"b"}"#: "5"])
            #expect(try await values("sum(count_over_time(\(both)[1m]))") == ["{}": "11"])
            #expect(try await values("rate({app=\"a\"}[1m])") == [#"{"app":"a"}"#: "0.1"])
            #expect(try await values("sum(bytes_over_time(\(both)[20s]))") == ["{}": "24"])
            #expect(try await values("max(count_over_time(\(both)[1m]))") == ["{}": "6"])
            #expect(try await values("count(rate(\(both)[1m]))") == ["{}": "2"])
            #expect(try await values("topk(1, count_over_time(\(both)[1m]))") == [#"{"app":"a"}"#: "6"])
            #expect(try await values("sum without (app) (count_over_time(\(both)[1m])) / 2") == ["{}": "5.5"])
            #expect(try await values("sum(count_over_time(\(both)[1m] offset 1m))") == ["{}": "2"])
            #expect(
                try await values("count_over_time(\(both) |= \"line 3\" [1m])") == [
                    #"{"app":"a"}"#: "1", #"{"app":"b"}"#: "1",
                ]
            )
            #expect(try await values("count_over_time(\(both)[1m]) > 5") == [#"{"app":"a"}"#: "6"])
        }
    }

    @Test func grafanasProbeWorks() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let answer = try await live.loki("GET", "\(Self.base)/query?query=vector(1)%2Bvector(1)&time=4000000000")
            #expect(
                answer.text
                    == #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[4000000000,"2"]}],"stats":{}}}"#
            )
            let ready = try await live.loki("GET", "/ready")
            #expect(ready.status == 200)
            #expect(ready.text == "ready\n")
            let build = try JSONTree(try await live.loki("GET", "\(Self.base)/status/buildinfo").text)
            #expect(build.keys == ["version", "revision", "branch", "buildUser", "buildDate", "goVersion"])
        }
    }

    @Test func grafanasVolumeHistogramGroupsByMetadata() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let body =
                #"{"streams":[{"stream":{"app":"a"},"values":[["\#(now)","x",{"level":"info"}],["\#(now + 1)","y",{"level":"error"}],["\#(now + 2)","z"]]}]}"#
            #expect(try await live.loki("POST", "\(Self.base)/push", body).status == 204)
            let tree = try await Self.get(
                live,
                "query",
                #"sum by (level, detected_level) (count_over_time({app="a"} | drop __error__[1h]))"#
            )
            let metrics = tree["data"]?["result"]?.elements.compactMap { $0["metric"]?.text }
            #expect(metrics == [#"{"level":"error"}"#, #"{"level":"info"}"#, "{}"])
        }
    }

    @Test func whatThereIsIsListed() async throws {
        try await Self.filled { (live: LiveReceiver, start: Int64) async throws in
            func text(_ path: String) async throws -> String { try await live.loki("GET", Self.base + path).text }
            #expect(try await text("/labels") == #"{"status":"success","data":["app"]}"#)
            #expect(try await text("/label/app/values") == #"{"status":"success","data":["a","b"]}"#)
            #expect(try await text("/label/none/values") == #"{"status":"success","data":[]}"#)
            let selector = LiveReceiver.encode(#"{app="a"}"#)
            #expect(try await text("/label/app/values?query=\(selector)") == #"{"status":"success","data":["a"]}"#)
            for name in ["match", "match%5B%5D"] {
                #expect(try await text("/series?\(name)=\(selector)") == #"{"status":"success","data":[{"app":"a"}]}"#)
            }
            #expect(try await text("/series") == #"{"status":"success","data":[{"app":"a"},{"app":"b"}]}"#)
            // Labels of streams without entries in the time asked for are not there.
            let before = "start=\(start - 100 * Self.second)&end=\(start - 50 * Self.second)"
            #expect(try await text("/labels?\(before)") == #"{"status":"success","data":[]}"#)
            #expect(
                try await text("/index/stats?query=\(selector)")
                    == #"{"streams":1,"chunks":1,"entries":12,"bytes":\#(12 * 8 + 2)}"#
            )
            let volume = try await Self.get(live, "index/volume", #"{app=~".+"}"#)
            #expect(
                volume["data"]?["result"]?.elements.map { $0["metric"]?.text } == [#"{"app":"a"}"#, #"{"app":"b"}"#]
            )
            let range = try await Self.get(live, "index/volume_range", #"{app=~".+"}"#, "&step=3600")
            #expect(range["data"]?["resultType"]?.text == "matrix")
        }
    }

    @Test func fieldsAreDetected() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let body = LiveReceiver.push(
                #"{"app":"a"}"#,
                [(now, #"{\"code\":200,\"user\":\"x\"}"#), (now + 1, #"{\"code\":404}"#)]
            )
            #expect(try await live.loki("POST", "\(Self.base)/push", body).status == 204)
            let answer = try await live.loki(
                "GET",
                "\(Self.base)/detected_fields?query=\(LiveReceiver.encode(#"{app="a"}"#))"
            )
            let fields = try JSONTree(answer.text)["fields"]?.elements ?? []
            #expect(fields.map { $0["label"]?.text } == ["code", "user"])
            #expect(fields.map { $0["type"]?.text } == ["int", "string"])
            #expect(fields.map { $0["cardinality"]?.integer } == [2, 1])
        }
    }

    @Test func aFormIsAsGoodAsAQuery() async throws {
        try await Self.filled { (live: LiveReceiver, _: Int64) async throws in
            let answer = try await live.loki(
                "POST",
                "\(Self.base)/query_range",
                "query=\(LiveReceiver.encode(#"{app="a"}"#))&limit=1",
                headers: ["Content-Type": "application/x-www-form-urlencoded"]
            )
            #expect(answer.status == 200)
            #expect(answer.text.contains("a line 11"))
        }
    }

    static let refused: [(String, String)] = [
        ("/query_range", "unexpected $end"),
        ("/query_range?query=%7B", "line 1, col 2"),
        ("/query_range?query=%7Ba=%22b%22%7D&limit=5001", "max entries limit per query exceeded"),
        ("/query_range?query=%7Ba=%22b%22%7D&limit=0", "limit must be a positive value"),
        ("/query_range?query=%7Ba=%22b%22%7D&limit=x", "could not parse 'limit'"),
        ("/query_range?query=%7Ba=%22b%22%7D&direction=up", "invalid direction"),
        ("/query_range?query=%7Ba=%22b%22%7D&start=20&end=10", "end timestamp must not be before"),
        ("/query_range?query=rate(%7Ba=%22b%22%7D%5B1m%5D)&start=0&end=20000&step=1", "maximum resolution of 11,000"),
        ("/query_range?query=rate(%7Ba=%22b%22%7D%5B1m%5D)&step=0", "zero or negative"),
        ("/query?query=%7Ba=%22b%22%7D", "log queries are not supported as an instant query type"),
        ("/index/stats?query=rate(%7Ba=%22b%22%7D%5B1m%5D)", "only log selector is supported"),
    ]

    @Test func badQuestionsAreAnsweredWithWhatIsWrong() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            for (path, message) in Self.refused {
                let answer = try await live.loki("GET", Self.base + path)
                #expect(answer.status == 400, "\(path)")
                #expect(answer.text.contains(message), "\(path): \(answer.text)")
            }
        }
    }

    @Test func entriesOfOneNanosecondKeepTheirOrder() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let values = (0..<50).map { (now, "twin \($0)") }
            #expect(
                try await live.loki("POST", "\(Self.base)/push", LiveReceiver.push(#"{"app":"a"}"#, values)).status
                    == 204
            )
            #expect(try await live.lines(#"{app="a"}"#) == values.map(\.1))
        }
    }
}
