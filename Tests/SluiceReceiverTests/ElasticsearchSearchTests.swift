// SPDX-License-Identifier: Apache-2.0

import SluiceReceiver
import Testing

/// Searching and listing, over HTTP.
struct ElasticsearchSearchTests {
    /// Twenty documents in each of two indices, a second apart.
    private static func filled(_ body: @Sendable @escaping (LiveReceiver) async throws -> Void) async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            var lines = ""
            for index in ["web-1", "web-2"] {
                for number in 0..<20 {
                    let second = number < 10 ? "0\(number)" : "\(number)"
                    let minute = index == "web-1" ? "00" : "01"
                    lines += "{\"create\":{\"_index\":\"\(index)\",\"_id\":\"\(index)-\(number)\"}}\n"
                    lines +=
                        "{\"@timestamp\":\"2026-11-22T10:\(minute):\(second)Z\",\"n\":\(number),\"level\":\"\(number % 4 == 0 ? "ERROR" : "INFO")\","
                        + "\"message\":\"Request \(number) done\",\"http\":{\"status\":\(number % 2 == 0 ? 200 : 500)}}\n"
                }
            }
            #expect(try await live.elasticsearch("POST", "/_bulk", lines).status == 200)
            try await body(live)
        }
    }

    private static func search(_ live: LiveReceiver, _ body: String, path: String = "/web-*/_search") async throws
        -> JSONTree
    {
        let answer = try await live.elasticsearch("POST", path, body)
        try #require(answer.status == 200, "\(answer.text)")
        return try JSONTree(answer.text)
    }

    private static func ids(_ tree: JSONTree) -> [String] {
        (tree["hits"]?["hits"]?.elements ?? []).compactMap { $0["_id"]?.text }
    }

    @Test func everythingIsFoundInTheOrderOfArrival() async throws {
        try await Self.filled { (live: LiveReceiver) async throws in
            let tree = try await Self.search(live, "{}", path: "/_search")
            #expect(Self.ids(tree) == (0..<10).map { "web-1-\($0)" })
            #expect(tree["hits"]?["total"]?.text == #"{"value":40,"relation":"eq"}"#)
            #expect(tree["timed_out"]?.text == "false")
            let hit = tree["hits"]?["hits"]?.elements[0]
            #expect(hit?["_index"]?.text == "web-1")
            #expect(hit?["_source"]?["message"]?.text == "Request 0 done")
            let got = try await live.elasticsearch("GET", "/web-2/_search?size=1&from=19")
            #expect(try Self.ids(JSONTree(got.text)) == ["web-2-19"])
        }
    }

    @Test func hitsAreSortedAcrossIndices() async throws {
        try await Self.filled { (live: LiveReceiver) async throws in
            let latest = try await Self.search(live, #"{"sort":[{"@timestamp":"desc"}],"size":2}"#)
            #expect(Self.ids(latest) == ["web-2-19", "web-2-18"])
            #expect(latest["hits"]?["hits"]?.elements[0]["sort"]?.text == "[1795341679000]")
            let earliest = try await Self.search(live, #"{"sort":"@timestamp","size":2,"from":19}"#)
            #expect(Self.ids(earliest) == ["web-1-19", "web-2-0"])
            let two = try await Self.search(live, #"{"sort":[{"n":{"order":"desc"}},{"@timestamp":"asc"}],"size":3}"#)
            #expect(Self.ids(two) == ["web-1-19", "web-2-19", "web-1-18"])
            let text = try await Self.search(live, #"{"sort":["level.keyword",{"n":"desc"}],"size":2}"#)
            #expect(Self.ids(text) == ["web-1-16", "web-2-16"])
            let after = try await Self.search(
                live,
                #"{"sort":[{"@timestamp":"desc"}],"size":2,"search_after":[1795341678000]}"#
            )
            #expect(Self.ids(after) == ["web-2-17", "web-2-16"])
            let url = try await live.elasticsearch("GET", "/web-*/_search?sort=n:desc,@timestamp:desc&size=1")
            #expect(try Self.ids(JSONTree(url.text)) == ["web-2-19"])
        }
    }

    @Test func queriesSelect() async throws {
        try await Self.filled { (live: LiveReceiver) async throws in
            func count(_ query: String) async throws -> Int? {
                let tree = try await Self.search(live, "{\"query\":\(query)}", path: "/web-*/_count")
                return tree["count"]?.integer
            }
            #expect(try await count(#"{"match_all":{}}"#) == 40)
            #expect(try await count(#"{"match_none":{}}"#) == 0)
            #expect(try await count(#"{"term":{"level.keyword":"ERROR"}}"#) == 10)
            #expect(try await count(#"{"term":{"http.status":{"value":500}}}"#) == 20)
            #expect(try await count(#"{"range":{"n":{"gte":18}}}"#) == 4)
            #expect(
                try await count(#"{"range":{"@timestamp":{"gte":"2026-11-22T10:01:00Z","lt":"2026-11-22T10:01:05Z"}}}"#)
                    == 5
            )
            #expect(try await count(#"{"range":{"@timestamp":{"gt":1795341660000,"lte":1795341662000}}}"#) == 2)
            #expect(try await count(#"{"range":{"@timestamp":{"gte":"2026-11-22||/d"}}}"#) == 40)
            #expect(try await count(#"{"ids":{"values":["web-1-3","web-2-4","none"]}}"#) == 2)
            #expect(
                try await count(
                    #"{"bool":{"filter":[{"term":{"level":"ERROR"}},{"range":{"n":{"lt":8}}}],"must_not":{"term":{"n":0}}}}"#
                ) == 2
            )
            let url = try await live.elasticsearch("GET", "/web-*/_count?q=level:ERROR%20AND%20n:%3E15")
            #expect(try JSONTree(url.text)["count"]?.integer == 2)
        }
    }

    @Test func totalsAreCountedAsFarAsAsked() async throws {
        try await Self.filled { (live: LiveReceiver) async throws in
            func total(_ body: String) async throws -> String? {
                try await Self.search(live, body)["hits"]?["total"]?.text
            }
            let query = #""query":{"exists":{"field":"n"}},"size":1"#
            #expect(try await total("{\(query)}") == #"{"value":40,"relation":"eq"}"#)
            #expect(try await total("{\(query),\"track_total_hits\":7}") == #"{"value":7,"relation":"gte"}"#)
            #expect(try await total("{\(query),\"track_total_hits\":true}") == #"{"value":40,"relation":"eq"}"#)
            #expect(try await total("{\(query),\"track_total_hits\":false}") == nil)
            // A search that need not go on past enough hits still has the right ones.
            let sorted = try await Self.search(
                live,
                "{\(query),\"sort\":[{\"@timestamp\":\"desc\"}],\"track_total_hits\":false}"
            )
            #expect(Self.ids(sorted) == ["web-2-19"])
        }
    }

    @Test func sourcesAreCutToSize() async throws {
        try await Self.filled { (live: LiveReceiver) async throws in
            func source(_ filter: String) async throws -> String? {
                let body = #"{"size":1,"query":{"ids":{"values":["web-1-1"]}},"_source":\#(filter)}"#
                return try await Self.search(live, body)["hits"]?["hits"]?.elements[0]["_source"]?.text
            }
            #expect(try await source("false") == nil)
            #expect(try await source(#"["n","http.*"]"#) == #"{"n":1,"http":{"status":500}}"#)
            #expect(try await source(#""level""#) == #"{"level":"INFO"}"#)
            #expect(try await source(#"{"excludes":["message","@timestamp","http"]}"#) == #"{"n":1,"level":"INFO"}"#)
            #expect(try await source("true")?.hasPrefix(#"{"@timestamp""#) == true)
        }
    }

    @Test func aggregationsAreMade() async throws {
        try await Self.filled { (live: LiveReceiver) async throws in
            let tree = try await Self.search(
                live,
                """
                {"size":0,"aggs":{
                  "levels":{"terms":{"field":"level.keyword"},"aggs":{"worst":{"max":{"field":"n"}}}},
                  "times":{"date_histogram":{"field":"@timestamp","fixed_interval":"30s"}},
                  "statuses":{"terms":{"field":"http.status","size":1,"order":{"_key":"asc"}}},
                  "mean":{"avg":{"field":"n"}},"kinds":{"cardinality":{"field":"level"}}}}
                """
            )
            let aggregations = try #require(tree["aggregations"])
            #expect(
                aggregations["levels"]?["buckets"]?.text
                    == #"[{"key":"INFO","doc_count":30,"worst":{"value":19}},{"key":"ERROR","doc_count":10,"worst":{"value":16}}]"#
            )
            #expect(aggregations["times"]?["buckets"]?.elements.compactMap { $0["doc_count"]?.integer } == [20, 0, 20])
            #expect(
                aggregations["times"]?["buckets"]?.elements[0]["key_as_string"]?.text == "2026-11-22T10:00:00.000Z"
            )
            #expect(aggregations["statuses"]?["buckets"]?.text == #"[{"key":200,"doc_count":20}]"#)
            #expect(aggregations["statuses"]?["sum_other_doc_count"]?.integer == 20)
            #expect(aggregations["mean"]?["value"]?.text == "9.5")
            #expect(aggregations["kinds"]?["value"]?.text == "2")
            #expect(tree["hits"]?["total"]?["value"]?.integer == 40)
        }
    }

    @Test func indicesAreChosen() async throws {
        try await Self.filled { (live: LiveReceiver) async throws in
            func count(_ index: String) async throws -> Int? {
                let answer = try await live.elasticsearch("GET", "/\(index)/_count")
                return answer.status == 200 ? try JSONTree(answer.text)["count"]?.integer : Int(answer.status)
            }
            #expect(try await count("web-1") == 20)
            #expect(try await count("web-1,web-2") == 40)
            #expect(try await count("*,-web-1") == 20)
            #expect(try await count("_all") == 40)
            #expect(try await count("none-*") == 0)
            #expect(try await count("web-1,none") == 404)
            #expect(try await count("none") == 404)
            let ignored = try await live.elasticsearch("GET", "/web-1,none/_count?ignore_unavailable=true")
            #expect(ignored.status == 200)
        }
    }

    static let refused: [(String, UInt, String)] = [
        ("{", 400, "parsing_exception"),
        ("[]", 400, "parsing_exception"),
        (#"{"foo":1}"#, 400, "unknown key for a value in [foo]"),
        (#"{"query":{"foo":{}}}"#, 400, "unknown query [foo]"),
        (#"{"query":{}}"#, 400, "empty clause found"),
        (#"{"query":{"term":{"a":1,"b":2}}}"#, 400, "doesn't support multiple fields"),
        (#"{"query":{"regexp":{"a":"b"}}}"#, 400, "not supported by the embedded backend: the query [regexp]"),
        (#"{"query":{"range":{"a":{"foo":1}}}}"#, 400, "[range] query does not support [foo]"),
        (#"{"query":{"query_string":{"query":"a:("}}}"#, 400, "Failed to parse query [a:(]"),
        (#"{"size":10001}"#, 400, "Result window is too large"),
        (#"{"from":9999,"size":2}"#, 400, "but was [10001]"),
        (#"{"size":-1}"#, 400, "cannot be negative"),
        (#"{"sort":[{"a":"up"}]}"#, 400, "Unknown SortOrder [up]"),
        (#"{"aggs":{"x":{"percentiles":{"field":"a"}}}}"#, 400, "the aggregation [percentiles]"),
        (#"{"suggest":{}}"#, 400, "not supported by the embedded backend"),
    ]

    @Test func badSearchesAreAnsweredWithWhatIsWrong() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            for (body, status, message) in Self.refused {
                let answer = try await live.elasticsearch("POST", "/_search", body)
                #expect(answer.status == status, "\(body): \(answer.text)")
                #expect(answer.text.contains(message), "\(body): \(answer.text)")
                #expect(try JSONTree(answer.text)["status"]?.text == "\(status)")
                #expect(answer.headers["x-elastic-product"] == "Elasticsearch")
            }
            let deep = String(repeating: #"{"bool":{"must":"#, count: 60) + "{}" + String(repeating: "}}", count: 60)
            #expect(try await live.elasticsearch("POST", "/_search", "{\"query\":\(deep)}").status == 400)
        }
    }

    @Test func severalSearchesAreOneRequest() async throws {
        try await Self.filled { (live: LiveReceiver) async throws in
            let body = """
                {"index":"web-1"}
                {"size":1}
                {}
                {"query":{"foo":{}}}
                {"index":["web-2"]}
                {"size":0}

                """
            let answer = try await live.elasticsearch("POST", "/_msearch", body)
            let responses = try JSONTree(answer.text)["responses"]?.elements ?? []
            #expect(responses.compactMap { $0["status"]?.text } == ["200", "400", "200"])
            #expect(responses[2]["hits"]?["total"]?["value"]?.integer == 20)
        }
    }

    @Test func theClusterIsDescribed() async throws {
        try await Self.filled { (live: LiveReceiver) async throws in
            let root = try await live.elasticsearch("GET", "/")
            #expect(try JSONTree(root.text)["version"]?["number"]?.text.hasPrefix("8.") == true)
            #expect(try JSONTree(root.text)["tagline"]?.text == "You Know, for Search")
            #expect(root.headers["x-elastic-product"] == "Elasticsearch")
            let head = try await live.elasticsearch("HEAD", "/")
            #expect(head.status == 200)
            #expect(head.headers["x-elastic-product"] == "Elasticsearch")
            let health = try await live.elasticsearch("GET", "/_cluster/health")
            #expect(try JSONTree(health.text)["status"]?.text == "green")
            let text = try await live.elasticsearch("GET", "/_cat/indices?v&h=index,docs.count")
            #expect(text.text == "index docs.count\nweb-1 20        \nweb-2 20        \n")
            let json = try await live.elasticsearch("GET", "/_cat/indices/web-1?format=json")
            #expect(try JSONTree(json.text).elements[0]["docs.count"]?.text == "20")
            #expect(try await live.elasticsearch("GET", "/_cat/health").status == 200)
            for method in ["GET", "POST"] {
                #expect(try await live.elasticsearch(method, "/_cat/count?h=count").text == "40\n", "\(method)")
            }
            #expect(try await live.elasticsearch("POST", "/_refresh").status == 200)
            #expect(try await live.elasticsearch("POST", "/web-1/_refresh").status == 200)
            #expect(try await live.elasticsearch("GET", "/_license").status == 200)
            #expect(try await live.elasticsearch("GET", "/_ilm/policy/filebeat").status == 404)
            #expect(try await live.elasticsearch("PUT", "/_ilm/policy/filebeat", #"{"policy":{}}"#).status == 200)
            #expect(try await live.elasticsearch("HEAD", "/_index_template/filebeat").status == 404)
            #expect(try await live.elasticsearch("PUT", "/_index_template/filebeat", "{}").status == 400)
            #expect(try await live.elasticsearch("PUT", "/_ingest/pipeline/x", "{}").status == 200)
            let mapping = try JSONTree(try await live.elasticsearch("GET", "/web-1/_mapping").text)
            let properties = mapping["web-1"]?["mappings"]?["properties"]
            #expect(properties?["@timestamp"]?["type"]?.text == "date")
            #expect(properties?["http"]?["properties"]?["status"]?["type"]?.text == "long")
            let pretty = try await live.elasticsearch("GET", "/_count?pretty&filter_path=count")
            #expect(pretty.text == "{\n  \"count\" : 40\n}\n")
        }
    }

    @Test func indicesAreMadeAndDeleted() async throws {
        try await Self.filled { (live: LiveReceiver) async throws in
            #expect(try await live.elasticsearch("HEAD", "/web-1").status == 200)
            #expect(try await live.elasticsearch("DELETE", "/web-1").status == 200)
            #expect(try await live.elasticsearch("HEAD", "/web-1").status == 404)
            #expect(try await live.elasticsearch("DELETE", "/web-1").status == 404)
            #expect(try await live.elasticsearch("DELETE", "/web-*").status == 400)
            #expect(try await live.elasticsearch("PUT", "/new").status == 200)
            #expect(try await live.elasticsearch("PUT", "/new").status == 400)
            #expect(try await live.elasticsearch("PUT", "/New").status == 400)
            let count = try await live.elasticsearch("GET", "/_count")
            #expect(try JSONTree(count.text)["count"]?.integer == 20)
        }
    }
}
