// SPDX-License-Identifier: Apache-2.0

import SluiceReceiver
import SluiceSQLite
import Testing

/// Templates, policies and pipelines are kept and given back, and templates say which names are data streams.
@Suite struct AssetTests {
    private static let template =
        #"{"index_patterns":["web-*"],"priority":150,"data_stream":{},"template":{"settings":{"index":{"lifecycle":{"name":"keep"}}}}}"#

    @Test func whatIsPutIsGivenBackAlsoAfterARestart() async throws {
        try await LiveReceiver.withDirectory(nil) { directory in
            try await LiveReceiver.run(directory: directory) { (live: LiveReceiver) async throws in
                for (path, body) in [
                    ("/_index_template/web", Self.template), ("/_component_template/part", #"{"template":{}}"#),
                    ("/_ilm/policy/keep", #"{"policy":{"phases":{}}}"#),
                    ("/_ingest/pipeline/in", #"{"processors":[]}"#),
                ] {
                    #expect(try await live.elasticsearch("GET", path).status == 404, "\(path)")
                    #expect(try await live.elasticsearch("PUT", path, body).status == 200, "\(path)")
                    #expect(try await live.elasticsearch("HEAD", path).status == 200, "\(path)")
                }
                #expect(try await live.elasticsearch("PUT", "/_data_stream/web-one").status == 200)
            }
            try await LiveReceiver.run(directory: directory) { (live: LiveReceiver) async throws in
                let answer = try JSONTree(try await live.elasticsearch("GET", "/_index_template/web").text)
                let found = answer["index_templates"]?.elements[0]
                #expect(found?["name"]?.text == "web")
                #expect(found?["index_template"]?["priority"]?.text == "150")
                let policy = try JSONTree(try await live.elasticsearch("GET", "/_ilm/policy/keep").text)
                #expect(policy["keep"]?["policy"]?["phases"] != nil)
                let streams = try JSONTree(try await live.elasticsearch("GET", "/_data_stream/web-*").text)
                #expect(streams["data_streams"]?.elements.count == 1)
                #expect(streams["data_streams"]?.elements[0]["name"]?.text == "web-one")
                #expect(streams["data_streams"]?.elements[0]["template"]?.text == "web")
                #expect(streams["data_streams"]?.elements[0]["ilm_policy"]?.text == "keep")
                #expect(try await live.elasticsearch("DELETE", "/_index_template/web").status == 200)
                #expect(try await live.elasticsearch("DELETE", "/_index_template/web").status == 404)
            }
        }
    }

    @Test func createOverwritesNothing() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let path = "/_index_template/web"
            #expect(try await live.elasticsearch("PUT", path + "?create=true", Self.template).status == 200)
            let other = Self.template.replacing("150", with: "7")
            let refused = try await live.elasticsearch("PUT", path + "?create=true", other)
            #expect(refused.status == 400)
            #expect(refused.text.contains("index template [web] already exists"))
            #expect(try await live.elasticsearch("GET", path).text.contains("150"))
            #expect(try await live.elasticsearch("PUT", path, other).status == 200)
            #expect(try await live.elasticsearch("GET", path).text.contains("\"priority\":7"))
        }
    }

    @Test func whatIsNoTemplateOrPolicyIsRefused() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            #expect(try await live.elasticsearch("PUT", "/_index_template/web", "{}").status == 400)
            #expect(try await live.elasticsearch("PUT", "/_index_template/web", "[]").status == 400)
            #expect(try await live.elasticsearch("PUT", "/_index_template/web", "nonsense").status == 400)
            #expect(try await live.elasticsearch("PUT", "/_ilm/policy/keep", "{}").status == 400)
        }
    }

    @Test func templatesSayWhatADataStreamIs() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let document = #"{"@timestamp":"2026-11-27T00:00:00Z"}"#
            let index = "{\"index\":{}}\n\(document)\n"
            // Without a template it is an index, and stays one.
            #expect(!(try await live.elasticsearch("POST", "/web-old/_bulk", index).text.contains("\"errors\":true")))
            #expect(try await live.elasticsearch("PUT", "/_index_template/web", Self.template).status == 200)
            #expect(!(try await live.elasticsearch("POST", "/web-old/_bulk", index).text.contains("\"errors\":true")))
            // With one it takes `create` alone, as data streams do.
            let refused = try await live.elasticsearch("POST", "/web-new/_bulk", index)
            #expect(refused.text.contains("only write ops with an op_type of create are allowed in data streams"))
            let create = "{\"create\":{}}\n\(document)\n"
            let taken = try await live.elasticsearch("POST", "/web-new/_bulk", create)
            #expect(taken.text.contains("\"_index\":\".ds-web-new-"), "\(taken.text)")
            #expect(try await live.elasticsearch("GET", "/_data_stream/web-new").status == 200)
            #expect(try await live.elasticsearch("GET", "/_data_stream/web-old").status == 404)
            // A template that makes indices wins over those that come with Elasticsearch, if it says so.
            let dated = #"{"index_patterns":["logs-mlops-*"],"priority":150}"#
            #expect(try await live.elasticsearch("PUT", "/_index_template/dated", dated).status == 200)
            let plain = try await live.elasticsearch("POST", "/logs-mlops-2026.11.27/_bulk", create)
            #expect(plain.text.contains("\"_index\":\"logs-mlops-2026.11.27\""), "\(plain.text)")
        }
    }

    @Test func dataStreamsAreMadeByTemplatesAlone() async throws {
        try await LiveReceiver.run { (live: LiveReceiver) async throws in
            let refused = try await live.elasticsearch("PUT", "/_data_stream/web")
            #expect(refused.status == 400 && refused.text.contains("no matching index template"))
            #expect(try await live.elasticsearch("PUT", "/_data_stream/logs-a-default").status == 200)
            let again = try await live.elasticsearch("PUT", "/_data_stream/logs-a-default")
            #expect(again.status == 400 && again.text.contains("data_stream [logs-a-default] already exists"))
            #expect(try await live.elasticsearch("DELETE", "/_data_stream/logs-a-default").status == 200)
            #expect(try await live.elasticsearch("GET", "/_data_stream/logs-a-default").status == 404)
            let settings = try await live.elasticsearch("GET", "/none/_settings")
            #expect(settings.status == 404)
        }
    }

    /// What an earlier version wrote is brought up.
    @Test func anOlderDatabaseIsTaken() async throws {
        try await LiveReceiver.withDirectory(nil) { directory in
            let create = "{\"create\":{}}\n{\"@timestamp\":\"2026-11-27T00:00:00Z\"}\n"
            try await LiveReceiver.run(directory: directory) { (live: LiveReceiver) async throws in
                for index in ["logs-a-default", "web"] {
                    #expect(try await live.elasticsearch("POST", "/\(index)/_bulk", create).status == 200)
                }
            }
            do {
                let database = try SQLiteDatabase(path: directory + "/receiver.db")
                try database.execute(
                    "DROP TABLE assets; ALTER TABLE indexes DROP COLUMN stream; PRAGMA user_version = 1"
                )
            }
            try await LiveReceiver.run(directory: directory) { (live: LiveReceiver) async throws in
                #expect(try await live.elasticsearch("GET", "/web/_count").text.contains("\"count\":1"))
                #expect(try await live.elasticsearch("GET", "/_data_stream/logs-a-default").status == 200)
                #expect(try await live.elasticsearch("GET", "/_data_stream/web").status == 404)
                #expect(try await live.elasticsearch("PUT", "/_index_template/web", Self.template).status == 200)
            }
        }
    }

    @Test func lokiSaysItsLimits() async throws {
        try await LiveReceiver.run({ $0.loki.maximumLineBytes = 1000 }) { (live: LiveReceiver) async throws in
            let limits = try JSONTree(try await live.loki("GET", "/config/tenant/v1/limits").text)
            #expect(limits["max_line_size"]?.text == "1000B")
            #expect(limits["reject_old_samples_max_age"]?.text == "604800s")
        }
    }
}
