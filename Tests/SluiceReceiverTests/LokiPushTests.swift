// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceReceiver
import Testing

/// What the Loki side takes and what it refuses, over HTTP.
struct LokiPushTests {
    static let path = "/loki/api/v1/push"
    static let second: Int64 = 1_000_000_000

    @Test func whatIsPushedIsFound() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let body = LiveReceiver.push(#"{"app":"web"}"#, [(now, "one"), (now + 1, #"tw\"o"#)])
            let answer = try await live.loki("POST", Self.path, body)
            #expect(answer.status == 204)
            #expect(answer.text.isEmpty)
            #expect(try await live.lines(#"{app="web"}"#, "&end=\(now + 10)") == ["one", "tw\"o"])
            let counters = live.receiver.counters.loki
            #expect(counters.events == 2)
            #expect(counters.bytes == 7)
            #expect(counters.requests == 1)
        }
    }

    @Test func gzipAndDeflateAreTaken() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let body = try LiveReceiver.gzip(LiveReceiver.push(#"{"app":"web"}"#, [(now, "one")]))
            let headers = ["Content-Encoding": "gzip", "Content-Type": "application/json; charset=utf-8"]
            #expect(try await live.send("POST", port: live.ports.loki, Self.path, body, headers).status == 204)
            // Raw deflate: a gzip member without its ten bytes of header and eight of trailer.
            let second = try LiveReceiver.gzip(LiveReceiver.push(#"{"app":"web"}"#, [(now + 1, "two")]))
            let raw = Array(second.dropFirst(10).dropLast(8))
            let deflate = ["Content-Encoding": "deflate"]
            #expect(try await live.send("POST", port: live.ports.loki, Self.path, raw, deflate).status == 204)
            #expect(try await live.lines(#"{app="web"}"#) == ["one", "two"])
        }
    }

    @Test func aCodingThatIsUnknownOrDamagedIsRefused() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let body = LiveReceiver.push(#"{"app":"web"}"#, [(LiveReceiver.now, "one")])
            let unknown = try await live.loki("POST", Self.path, body, headers: ["Content-Encoding": "br"])
            #expect(unknown.status == 400)
            #expect(unknown.text.contains("\"br\" not supported"))
            #expect(try await live.loki("POST", Self.path, body, headers: ["Content-Encoding": "gzip"]).status == 400)
            let cut = Array(try LiveReceiver.gzip(body).dropLast(9))
            let headers = ["Content-Encoding": "gzip"]
            #expect(try await live.send("POST", port: live.ports.loki, Self.path, cut, headers).status == 400)
            #expect(live.receiver.counters.loki.events == 0)
            #expect(live.receiver.counters.loki.refusals == 3)
        }
    }

    @Test func theContentTypeMatters() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let body = LiveReceiver.push(#"{"app":"web"}"#, [(LiveReceiver.now, "one")])
            for type in ["text/plain", "application/x-protobuf", "nonsense"] {
                #expect(try await live.loki("POST", Self.path, body, headers: ["Content-Type": type]).status == 400)
            }
            let none = try await live.send(
                "POST",
                port: live.ports.loki,
                Self.path,
                Array(body.utf8),
                ["Content-Type": ""]
            )
            #expect(none.status == 400)
        }
    }

    static let shapes: [(String, UInt, String)] = [
        (#"{"streams":[]}"#, 422, "at least one valid stream"),
        (#"{}"#, 422, "at least one valid stream"),
        (#"{"streams":null}"#, 422, "at least one valid stream"),
        (#"{"streams":[{"stream":{"a":"b"},"values":[]}]}"#, 204, ""),
        (#"{"streams":[{"stream":{"a":"b"},"values":[null]}]}"#, 204, ""),
        (#"{"streams":[{"stream":{"a":"b"},"values":null}]}"#, 204, ""),
        (#"{"streams":[{"stream":{"a":"b"},"values":[[1,"x"]]}]}"#, 400, "timestamp is not a string"),
        (#"{"streams":[{"stream":{"a":"b"},"values":[["1x","x"]]}]}"#, 400, "is not an integer"),
        (#"{"streams":[{"stream":{"a":"b"},"values":[["NOW",5]]}]}"#, 400, "line is not a string"),
        (#"{"streams":[{"stream":{"a":"b"},"values":[["NOW","x","y"]]}]}"#, 400, "metadata is not an object"),
        (#"{"streams":[{"stream":{"a":"b"},"values":[["NOW","x",{"k":1}]]}]}"#, 400, "not a string"),
        (#"{"streams":[{"stream":{"a":"b"},"values":[["NOW","x",{"k":{"l":"m"}}]]}]}"#, 400, "not a string"),
        (#"{"streams":[{"stream":{"a":1},"values":[["NOW","x"]]}]}"#, 400, "value is not a string"),
        (#"{"streams":[{"stream":{},"values":[["NOW","x"]]}]}"#, 400, "at least one label pair"),
        (#"{"streams":[{"values":[["NOW","x"]]}]}"#, 400, "at least one label pair"),
        (#"{"streams":[{"stream":{"a":""},"values":[["NOW","x"]]}]}"#, 400, "at least one label pair"),
        (#"{"streams":[{"stream":{"a.b":"c"},"values":[["NOW","x"]]}]}"#, 400, "couldn't parse labels"),
        (#"{"streams":[{"stream":{"a-b":"c"},"values":[["NOW","x"]]}]}"#, 400, "couldn't parse labels"),
        (#"{"streams":[{"stream":{"1a":"c"},"values":[["NOW","x"]]}]}"#, 400, "couldn't parse labels"),
        (#"{"streams":{}}"#, 400, "streams is not an array"),
        (#"{"streams":[5]}"#, 400, "a stream is not an object"),
        (#"{"streams":[{"stream":{"a":"b"},"values":{}}]}"#, 400, "values is not an array"),
        (#"{"streams":[{"stream":{"a":"b"},"values":[5]}]}"#, 400, "an entry is not an array"),
        (#"[]"#, 400, "not a JSON object"),
        (#"{"streams":["#, 400, "couldn't parse push request"),
        ("", 400, "couldn't parse push request"),
        (#"{"other":1,"streams":[{"x":[{}],"stream":{"a":"b"},"values":[["NOW","x"]]}]}"#, 204, ""),
    ]

    @Test func shapesAreTakenOrRefusedAsLokiDoes() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            for (body, status, message) in Self.shapes {
                let text = body.replacing("NOW", with: "\(LiveReceiver.now)")
                let answer = try await live.loki("POST", Self.path, text)
                #expect(answer.status == status, "\(body): \(answer.text)")
                #expect(answer.text.contains(message), "\(body): \(answer.text)")
            }
        }
    }

    @Test func labelsHaveLimits() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            func status(_ labels: String) async throws -> UInt {
                try await live.loki("POST", Self.path, LiveReceiver.push(labels, [(LiveReceiver.now, "x")])).status
            }
            func labels(_ count: Int) -> String {
                "{" + (0..<count).map { "\"l\($0)\":\"v\"" }.joined(separator: ",") + "}"
            }
            #expect(try await status(labels(15)) == 204)
            #expect(try await status(labels(16)) == 400)
            #expect(try await status("{\"a\":\"\(String(repeating: "v", count: 2048))\"}") == 204)
            #expect(try await status("{\"a\":\"\(String(repeating: "v", count: 2049))\"}") == 400)
            #expect(try await status("{\"\(String(repeating: "n", count: 1024))\":\"v\"}") == 204)
            #expect(try await status("{\"\(String(repeating: "n", count: 1025))\":\"v\"}") == 400)
        }
    }

    @Test func linesHaveALimitAndTheirNeighboursAreStored() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let fits = String(repeating: "x", count: 262_144)
            let exact = try await live.loki("POST", Self.path, LiveReceiver.push(#"{"a":"1"}"#, [(now, fits)]))
            #expect(exact.status == 204)
            let body = LiveReceiver.push(#"{"a":"2"}"#, [(now, "before"), (now + 1, fits + "x"), (now + 2, "after")])
            let answer = try await live.loki("POST", Self.path, body)
            #expect(answer.status == 400)
            #expect(answer.text.contains("max entry size '262144' bytes exceeded"))
            #expect(answer.text.contains("length '262145' bytes"))
            #expect(try await live.lines(#"{a="2"}"#) == ["before", "after"])
            #expect(live.receiver.counters.loki.refusals == 1)
        }
    }

    @Test func tooOldAndTooNewAreRefusedAndTheRestIsStored() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let old = LiveReceiver.push(#"{"a":"1"}"#, [(now - 8 * 86_400 * Self.second, "old")])
            let answer = try await live.loki("POST", Self.path, old)
            #expect(answer.status == 400)
            #expect(
                answer.text.contains(
                    #"entry for stream '{a="1", service_name="unknown_service"}' has timestamp too old"#
                )
            )
            let mixed = LiveReceiver.push(
                #"{"a":"1"}"#,
                [
                    (now + 660 * Self.second, "new"), (now + 540 * Self.second, "ahead"),
                    (now + 900 * Self.second, "newer"),
                ]
            )
            let partial = try await live.loki("POST", Self.path, mixed)
            #expect(partial.status == 400)
            #expect(partial.text.contains("1 errors like: entry for stream"))
            #expect(partial.text.contains("has timestamp too new"))
            #expect(try await live.lines(#"{a="1"}"#, "&end=\(now + 1000 * Self.second)") == ["ahead"])
        }
    }

    @Test func tooFarBehindIsRefusedAndTheRestIsStored() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let first = LiveReceiver.push(#"{"a":"1"}"#, [(now, "newest")])
            #expect(try await live.loki("POST", Self.path, first).status == 204)
            let body = LiveReceiver.push(
                #"{"a":"1"}"#,
                [(now - 3601 * Self.second, "lost"), (now - 3590 * Self.second, "late")]
            )
            let answer = try await live.loki("POST", Self.path, body)
            #expect(answer.status == 400)
            #expect(answer.text.contains("ignored, reason: 'entry too far behind, entry timestamp is: "))
            #expect(answer.text.contains("total ignored: 1 out of 2 for stream: {a=\"1\""))
            #expect(try await live.lines(#"{a="1"}"#, "&start=\(now - 7200 * Self.second)") == ["late", "newest"])
            // Another stream has a newest entry of its own.
            let other = LiveReceiver.push(#"{"a":"2"}"#, [(now - 3601 * Self.second, "other")])
            #expect(try await live.loki("POST", Self.path, other).status == 204)
        }
    }

    @Test func theLimitsCanBeTurnedOff() async throws {
        try await LiveReceiver.run({
            $0.loki.maximumAgeSeconds = nil
            $0.loki.maximumLagSeconds = nil
            $0.loki.addsServiceName = false
        }) { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let body = LiveReceiver.push(#"{"a":"1"}"#, [(now, "new"), (1_000_000_000, "from 1970")])
            #expect(try await live.loki("POST", Self.path, body).status == 204)
            #expect(try await live.lines(#"{a="1"}"#, "&start=0") == ["from 1970", "new"])
            let series = try await live.loki("GET", "/loki/api/v1/series")
            #expect(series.text == #"{"status":"success","data":[{"a":"1"}]}"#)
        }
    }

    @Test func structuredMetadataIsSanitisedAndLimited() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            func push(_ metadata: String, at time: Int64) async throws -> LiveReceiver.Answer {
                let body = "{\"streams\":[{\"stream\":{\"a\":\"1\"},\"values\":[[\"\(time)\",\"x\",\(metadata)]]}]}"
                return try await live.loki("POST", Self.path, body)
            }
            #expect(try await push(#"{"log.level":"warn","a-b":"c","1x":"\u00fc"}"#, at: now).status == 204)
            let found = try JSONTree(
                try await live.loki(
                    "GET",
                    "/loki/api/v1/query_range?query=%7Ba=%221%22%7D",
                    headers: ["X-Loki-Response-Encoding-Flags": "categorize-labels"]
                ).text
            )
            #expect(found["data"]?["encodingFlags"]?.elements.first?.text == "categorize-labels")
            // Grafana reads in one pass: it has to know of the third part of each value before the first one comes.
            #expect(found["data"]?.keys == ["resultType", "encodingFlags", "result", "stats"])
            let result = try #require(found["data"]?["result"]?.elements.first)
            #expect(result["stream"]?.keys == ["a", "service_name"])
            let metadata = result["values"]?.elements.first?.elements[2]["structuredMetadata"]
            #expect(metadata?.text == #"{"a_b":"c","key_1x":"ü","log_level":"warn"}"#)
            let plain = try JSONTree(try await live.loki("GET", "/loki/api/v1/query_range?query=%7Ba=%221%22%7D").text)
            #expect(plain["data"]?["result"]?.elements.first?["stream"]?["a_b"]?.text == "c")

            let many = "{" + (0..<129).map { "\"k\($0)\":\"v\"" }.joined(separator: ",") + "}"
            let tooMany = try await push(many, at: now + 1)
            #expect(tooMany.status == 400)
            #expect(tooMany.text.contains("too many structured metadata labels"))
            let tooLarge = try await push("{\"k\":\"\(String(repeating: "v", count: 65_536))\"}", at: now + 2)
            #expect(tooLarge.status == 400)
            #expect(tooLarge.text.contains("structured metadata too large"))
        }
    }

    @Test func serviceNamesAndLevelsAreAddedAsLokiDoes() async throws {
        try await LiveReceiver.run({ $0.loki.addsDetectedLevel = true }) { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let streams = [
                (#"{"app":"shop","job":"x"}"#, "all is well"), (#"{"level":"WARN"}"#, "y"),
                (#"{"zone":"1"}"#, #"{\"severity\":\"Error\"}"#),
            ]
            for (index, stream) in streams.enumerated() {
                let body = LiveReceiver.push(stream.0, [(now + Int64(index), stream.1)])
                #expect(try await live.loki("POST", Self.path, body).status == 204)
            }
            let tree = try JSONTree(
                try await live.loki("GET", "/loki/api/v1/query_range?query=%7Bservice_name=~%22.%2B%22%7D").text
            )
            let found = Set((tree["data"]?["result"]?.elements ?? []).compactMap { $0["stream"]?.text })
            #expect(
                found == [
                    #"{"app":"shop","detected_level":"unknown","job":"x","service_name":"shop"}"#,
                    #"{"detected_level":"warn","level":"WARN","service_name":"unknown_service"}"#,
                    #"{"detected_level":"error","service_name":"unknown_service","zone":"1"}"#,
                ]
            )
        }
    }

    @Test func tenantsDoNotSeeEachOther() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let body = LiveReceiver.push(#"{"app":"web"}"#, [(now, "one")])
            #expect(try await live.loki("POST", Self.path, body, headers: ["X-Scope-OrgID": "a"]).status == 204)
            #expect(try await live.lines(#"{app="web"}"#, tenant: "a") == ["one"])
            #expect(try await live.lines(#"{app="web"}"#, tenant: "b") == [])
            #expect(try await live.lines(#"{app="web"}"#) == [])
            #expect(try await live.loki("POST", Self.path, body, headers: ["X-Scope-OrgID": "a|b"]).status == 400)
            let long = String(repeating: "t", count: 151)
            #expect(try await live.loki("POST", Self.path, body, headers: ["X-Scope-OrgID": long]).status == 400)
        }
    }

    @Test func bodiesHaveALimitBeforeAndAfterDecompression() async throws {
        try await LiveReceiver.run({
            $0.loki.maximumBodyBytes = 4096
            $0.loki.maximumInflatedBytes = 100_000
        }) { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            let plain = LiveReceiver.push(#"{"a":"1"}"#, [(now, String(repeating: "x", count: 5000))])
            #expect(try await live.loki("POST", Self.path, plain).status == 413)
            let bomb = try LiveReceiver.gzip(
                LiveReceiver.push(#"{"a":"1"}"#, [(now, String(repeating: "x", count: 200_000))])
            )
            #expect(bomb.count < 4096)
            let headers = ["Content-Encoding": "gzip"]
            #expect(try await live.send("POST", port: live.ports.loki, Self.path, bomb, headers).status == 413)
            // The connection and the receiver go on.
            let small = LiveReceiver.push(#"{"a":"1"}"#, [(now, "fits")])
            #expect(try await live.loki("POST", Self.path, small).status == 204)
        }
    }

    @Test func tooManyStreamsAreRefused() async throws {
        try await LiveReceiver.run({ $0.loki.maximumActiveStreams = 2 }) { (live: LiveReceiver) async throws in
            let now = LiveReceiver.now
            func push(_ value: Int) async throws -> UInt {
                try await live.loki("POST", Self.path, LiveReceiver.push("{\"a\":\"\(value)\"}", [(now, "x")])).status
            }
            #expect(try await push(1) == 204)
            #expect(try await push(2) == 204)
            #expect(try await push(3) == 429)
            #expect(try await push(1) == 204)
        }
    }

    @Test func onlyPostPushes() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            #expect(try await live.loki("GET", Self.path).status == 405)
            #expect(try await live.loki("GET", "/nothing").status == 404)
        }
    }
}
