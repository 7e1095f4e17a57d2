// SPDX-License-Identifier: Apache-2.0

import SluiceReceiver
import Testing

/// What `_bulk` takes and what it refuses, over HTTP.
struct ElasticsearchBulkTests {
    private static func bulk(
        _ live: LiveReceiver,
        _ lines: [String],
        path: String = "/_bulk"
    ) async throws -> JSONTree {
        let answer = try await live.elasticsearch("POST", path, lines.map { $0 + "\n" }.joined())
        try #require(answer.status == 200, "\(answer.text)")
        return try JSONTree(answer.text)
    }

    /// Status and error type of each item, in order.
    private static func items(_ tree: JSONTree) -> [String] {
        (tree["items"]?.elements ?? []).map { item in
            let body = item.elements[0]
            return item.keys[0] + " " + (body["status"]?.text ?? "?")
                + (body["error"]?["type"].map { " " + $0.text } ?? "")
        }
    }

    @Test func everyActionHasItsStatus() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let tree = try await Self.bulk(
                live,
                [
                    #"{"create":{"_index":"web","_id":"1"}}"#, #"{"a":1}"#,
                    #"{"create":{"_index":"web","_id":"1"}}"#, #"{"a":2}"#,
                    #"{"index":{"_index":"web","_id":"1"}}"#, #"{"a":3}"#,
                    #"{"index":{"_index":"web"}}"#, #"{"a":4}"#,
                    #"{"delete":{"_index":"web","_id":"none"}}"#,
                    #"{"update":{"_index":"web","_id":"1"}}"#, #"{"doc":{"a":5}}"#,
                    #"{"delete":{"_index":"web","_id":"1"}}"#,
                    #"{"delete":{"_index":"other","_id":"1"}}"#,
                ]
            )
            #expect(tree["errors"]?.text == "true")
            #expect(
                Self.items(tree) == [
                    "create 201", "create 409 version_conflict_engine_exception", "index 200", "index 201",
                    "delete 404", "update 400 illegal_argument_exception", "delete 200",
                    "delete 404 index_not_found_exception",
                ]
            )
            let first = tree["items"]?.elements[0]["create"]
            #expect(first?["result"]?.text == "created")
            #expect(first?["_version"]?.text == "1")
            #expect(tree["items"]?.elements[2]["index"]?["_version"]?.text == "2")
            #expect(tree["items"]?.elements[3]["index"]?["_id"]?.text.count == 20)
            #expect(tree["items"]?.elements[6]["delete"]?["result"]?.text == "deleted")
            let count = try await live.elasticsearch("GET", "/web/_count")
            #expect(try JSONTree(count.text)["count"]?.text == "1")
            let counters = live.receiver.counters.elasticsearch
            #expect(counters.events == 3)
            #expect(counters.duplicates == 1)
            #expect(counters.refusals == 1)
        }
    }

    @Test func thePathNamesTheIndex() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let tree = try await Self.bulk(live, [#"{"index":{}}"#, #"{"a":1}"#], path: "/web/_bulk")
            #expect(tree["items"]?.elements[0]["index"]?["_index"]?.text == "web")
            let put = try await live.elasticsearch("PUT", "/web/_bulk", "{\"index\":{}}\n{\"a\":1}\n")
            #expect(put.status == 200)
        }
    }

    @Test func gzipIsTakenAndABombIsNot() async throws {
        try await LiveReceiver.run({ $0.elasticsearchMaximumBodyBytes = 100_000 }) {
            (live: LiveReceiver) async throws in
            let headers = ["Content-Encoding": "gzip", "Content-Type": "application/x-ndjson"]
            let good = try LiveReceiver.gzip("{\"index\":{\"_index\":\"web\"}}\n{\"a\":1}\n")
            #expect(try await live.send("POST", port: live.ports.elasticsearch, "/_bulk", good, headers).status == 200)
            let blank = String(repeating: " ", count: 200_000)
            let bomb = try LiveReceiver.gzip("{\"index\":{\"_index\":\"web\"}}\n{\"a\":1}\(blank)\n")
            #expect(try await live.send("POST", port: live.ports.elasticsearch, "/_bulk", bomb, headers).status == 413)
            let plain = "{\"index\":{\"_index\":\"web\"}}\n{\"a\":1}\(blank)\n"
            #expect(try await live.elasticsearch("POST", "/_bulk", plain).status == 413)
            #expect(
                try await live.send("POST", port: live.ports.elasticsearch, "/_bulk", [1, 2, 3], headers).status == 400
            )
        }
    }

    static let wholes: [(String, UInt, String)] = [
        ("", 400, "request body is required"),
        ("{\"index\":{\"_index\":\"web\"}}\n{\"a\":1}", 400, "must be terminated by a newline [\\n]"),
        ("\n", 400, "no requests added"),
        ("{\"index\":{\"_index\":\"web\"}}\n", 400, "Malformed action/metadata line [1]"),
        ("{\"index\":{}}\n{\"a\":1}\n", 400, "index is missing"),
        (
            "{\"other\":{\"_index\":\"web\"}}\n{\"a\":1}\n", 400,
            "expected field [create], [delete], [index] or [update] but found [other]"
        ),
        ("{\"index\":5}\n{\"a\":1}\n", 400, "Malformed action/metadata line [1], expected START_OBJECT"),
        (
            "{\"index\":{\"_index\":\"web\",\"foo\":1}}\n{\"a\":1}\n", 400,
            "line [1] contains an unknown parameter [foo]"
        ),
        ("{\"a\":1}x\n", 400, "Malformed action/metadata line [1]"),
        ("[]\n{}\n", 400, "Malformed action/metadata line [1], expected START_OBJECT"),
        ("{\"index\":{\"_index\":\"web\"}}\n{}\nrubbish\n{}\n", 400, "Malformed action/metadata line [3]"),
        ("{\"delete\":{\"_index\":\"web\"}}\n", 400, "id is missing"),
        (
            "{\"index\":{\"_index\":\"web\",\"_id\":\"\(String(repeating: "i", count: 513))\"}}\n{}\n", 400,
            "must be no longer than 512 bytes but was: 513"
        ),
        (
            "{\"index\":{\"_index\":\"web\",\"_id\":\"\(String(repeating: "i", count: 512))\"}}\n{}\n", 200,
            "\"status\":201"
        ),
    ]

    @Test func wholeRequestsAreRefusedAsElasticsearchDoes() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            for (body, status, message) in Self.wholes {
                let answer = try await live.elasticsearch("POST", "/_bulk", body)
                #expect(answer.status == status, "\(body): \(answer.text)")
                let text = answer.text.replacing("\\\\n", with: "\\n")
                #expect(text.contains(message), "\(body): \(answer.text)")
                #expect(answer.headers["x-elastic-product"] == "Elasticsearch")
            }
            let type = try await live.elasticsearch("POST", "/_bulk", "{}\n", headers: ["Content-Type": "text/plain"])
            #expect(type.status == 406)
        }
    }

    static let documents: [(String, String)] = [
        (#"{"a":1}"#, "index 201"),
        (#" {"a" : 1 } "#, "index 201"),
        ("5", "index 400 document_parsing_exception"),
        (#"["a"]"#, "index 400 document_parsing_exception"),
        ("", "index 400 document_parsing_exception"),
        (#"{"a":}"#, "index 400 document_parsing_exception"),
        (#"{"a":1,"a":2}"#, "index 400 document_parsing_exception"),
        (#"{"a":1,"\u0061":2}"#, "index 400 document_parsing_exception"),
        (#"{"x":{"a":1,"a":2}}"#, "index 400 document_parsing_exception"),
        (#"{"x":[{"a":1},{"b":{"c":1,"c":1}}]}"#, "index 400 document_parsing_exception"),
        (#"{"x":[{"a":1},{"a":1}]}"#, "index 201"),
        (#"{"":1}"#, "index 400 document_parsing_exception"),
        (#"{"_id":"x"}"#, "index 400 document_parsing_exception"),
        (#"{"_other":"x"}"#, "index 201"),
    ]

    @Test func documentsAreRefusedOneByOne() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let lines = Self.documents.flatMap { [#"{"index":{"_index":"web"}}"#, $0.0] }
            let tree = try await Self.bulk(live, lines)
            #expect(Self.items(tree) == Self.documents.map(\.1))
            #expect(
                tree["items"]?.elements[6]["index"]?["error"]?["reason"]?.text.contains("Duplicate field 'a'") == true
            )
        }
    }

    static let names: [(String, Bool)] = [
        ("web", true), ("web-2026.11.22", true), ("a+b", true), ("Web", false), ("_web", false), ("-web", false),
        ("+web", false), ("we b", false), ("we*b", false), ("we,b", false), ("we#b", false), ("we:b", false),
        ("we/b", false), ("we?b", false), ("we|b", false), ("..", false), (".", false),
        (String(repeating: "w", count: 255), true), (String(repeating: "w", count: 256), false),
    ]

    @Test func namesOfIndicesHaveRules() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            for (name, isGood) in Self.names {
                let tree = try await Self.bulk(live, ["{\"index\":{\"_index\":\"\(name)\"}}", "{}"])
                #expect(
                    Self.items(tree) == [isGood ? "index 201" : "index 400 invalid_index_name_exception"],
                    "\(name)"
                )
            }
        }
    }

    @Test func dataStreamsTakeOnlyCreateAndNeedATime() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let tree = try await Self.bulk(
                live,
                [
                    #"{"create":{"_index":"logs-web-default","_id":"1"}}"#,
                    #"{"@timestamp":"2026-11-22T03:32:00.123456Z"}"#,
                    #"{"create":{"_index":"logs-web-default"}}"#, #"{"@timestamp":1795318320000}"#,
                    #"{"index":{"_index":"logs-web-default"}}"#, #"{"@timestamp":"2026-11-22T03:32:00Z"}"#,
                    #"{"create":{"_index":"logs-web-default"}}"#, #"{"a":1}"#,
                    #"{"create":{"_index":"logs-web-default"}}"#, #"{"@timestamp":"yesterday"}"#,
                    #"{"create":{"_index":"logs-web"}}"#, #"{"@timestamp":"yesterday"}"#,
                ]
            )
            #expect(
                Self.items(tree)
                    == [
                        "create 201", "create 201", "create 400 illegal_argument_exception",
                        "create 400 document_parsing_exception", "create 400 document_parsing_exception", "create 201",
                    ].enumerated().map { $0.offset == 2 ? "index 400 illegal_argument_exception" : $0.element }
            )
            let index = tree["items"]?.elements[0]["create"]?["_index"]?.text ?? ""
            #expect(index.hasPrefix(".ds-logs-web-default-20"))
            #expect(index.hasSuffix("-000001"))
        }
    }

    @Test func filterPathLeavesWhatItNames() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let lines = [
                #"{"create":{"_index":"web","_id":"1"}}"#, "{}", #"{"create":{"_index":"web","_id":"1"}}"#, "{}",
            ]
            func text(_ path: String, _ index: String) async throws -> String {
                let body = lines.map { $0.replacing("web", with: index) + "\n" }.joined()
                return try await live.elasticsearch("POST", "/_bulk?filter_path=\(path)", body).text
            }
            let conflict = try await text("errors,items.*.status,items.*.error.type", "a")
            #expect(
                conflict
                    == #"{"errors":true,"items":[{"create":{"status":201}},{"create":{"status":409,"error":{"type":"version_conflict_engine_exception"}}}]}"#
            )
            let usual = try JSONTree(try await text("errors,items.*.status,items.*.error", "b"))
            #expect(usual.keys == ["errors", "items"])
            #expect(usual["items"]?.elements[0].text == #"{"create":{"status":201}}"#)
            #expect(usual["items"]?.elements[1]["create"]?.keys == ["status", "error"])
            // An item that is left with nothing vanishes.
            #expect(try await text("items.*.error.type", "c").contains("items\":[{\"create\":{\"error\""))
            #expect(try await text("errors", "d") == #"{"errors":true}"#)
            #expect(try await text("nothing", "e") == "{}")
            #expect(
                try await text("**.status", "f") == #"{"items":[{"create":{"status":201}},{"create":{"status":409}}]}"#
            )
            #expect(try await text("-items,-took", "g") == #"{"errors":true}"#)
        }
    }

    @Test func singleDocumentsAreWrittenAndRead() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let put = try await live.elasticsearch("PUT", "/web/_doc/a%20b", "{\n\"x\": 1\n}")
            #expect(put.status == 201)
            #expect(try JSONTree(put.text)["_id"]?.text == "a b")
            #expect(try await live.elasticsearch("PUT", "/web/_create/a%20b", "{}").status == 409)
            let got = try await live.elasticsearch("GET", "/web/_doc/a%20b")
            #expect(try JSONTree(got.text)["_source"]?["x"]?.text == "1")
            #expect(try await live.elasticsearch("POST", "/web/_doc", "{}").status == 201)
            #expect(try await live.elasticsearch("POST", "/web/_doc", "{").status == 400)
            #expect(try await live.elasticsearch("DELETE", "/web/_doc/a%20b").status == 200)
            #expect(try await live.elasticsearch("GET", "/web/_doc/a%20b").status == 404)
            #expect(try await live.elasticsearch("GET", "/none/_doc/1").status == 404)
        }
    }
}
