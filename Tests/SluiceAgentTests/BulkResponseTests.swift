// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SluiceAgent
import SluiceBytes
import SluiceEvents
import Testing

@Suite("Verdicts on Elasticsearch's answers")
struct BulkResponseTests {
    private func judge(_ status: Int, _ body: String, events: Int = 2, retryAfter: Int? = nil) throws -> Verdict {
        let problems = ConfigurationProblems()
        let output = try #require(
            ElasticsearchOutput(ConfigurationSection(["url": "http://127.0.0.1:9200"], problems: problems))
        )
        #expect(problems.isEmpty)
        let request = OutputRequest(
            target: "/x/_bulk",
            contentType: "application/x-ndjson",
            body: ByteBuffer(),
            isCompressed: false,
            plainBytes: 0,
            events: (0..<Int32(events)).map { $0 }
        )
        return body.withByteView { body in
            output.judge(OutputResponse(status: status, retryAfter: retryAfter, body: body), request: request)
        }
    }

    private func isAgain(_ verdict: Verdict) -> Bool {
        if case .again = verdict { return true }
        return false
    }

    @Test("All taken")
    func delivered() throws {
        let body = #"{"errors":false,"items":[{"create":{"status":201}},{"create":{"status":201}}]}"#
        #expect(try judge(200, body) == .delivered)
    }

    @Test("Each item has a verdict of its own; 409 is a yes")
    func items() throws {
        let body = """
            {"took":3,"errors":true,"items":[{"create":{"status":201}},{"create":{"status":409,"error":{"type":"x"}}},
            {"create":{"status":429,"error":{"type":"es_rejected_execution_exception"}}},
            {"create":{"status":503}},{"create":{"status":404,"error":{"type":"index_not_found_exception"}}},
            {"create":{"status":400,"error":{"type":"document_parsing_exception","reason":"bad"}}}]}
            """
        guard case .each(let verdicts, let why) = try judge(200, body, events: 6) else {
            Issue.record("no verdict for each item")
            return
        }
        #expect(why.contains("404") && why.contains("index_not_found_exception"), "what needs a person is said: \(why)")
        #expect(Array(verdicts[0..<5]) == [.delivered, .duplicate, .retry, .retry, .held(status: 404)])
        guard case .refused(400, let reason) = verdicts[5] else {
            Issue.record("the bad document is not refused")
            return
        }
        #expect(reason.contains("document_parsing_exception"))
    }

    @Test("What a person has to mend holds the item, and what is in the failure store is counted apart")
    func heldAndRedirected() throws {
        let body = """
            {"errors":true,"items":[{"create":{"status":401}},{"create":{"status":403}},{"create":{"status":408}},
            {"create":{"status":201,"failure_store":"used"}},{"create":{"status":201,"failure_store":"not_enabled"}},
            {"create":{"status":400,"failure_store":"failed","error":{"type":"x"}}}]}
            """
        guard case .each(let verdicts, _) = try judge(200, body, events: 6) else {
            Issue.record("no verdict for each item")
            return
        }
        #expect(
            Array(verdicts[0..<5]) == [.held(status: 401), .held(status: 403), .retry, .redirected, .delivered]
        )
        guard case .refused(400, _) = verdicts[5] else {
            Issue.record("what the failure store does not take either is not refused")
            return
        }
    }

    @Test(
        "A 200 that does not say what became of each document is no yes",
        arguments: [
            "", "{}", "[]", "ok", #"{"errors":false}"#, #"{"errors":false,"items":[]}"#,
            #"{"errors":false,"items":[{"create":{"status":201}}]}"#, #"{"items":[{},{}]}"#,
            #"{"errors":false,"items":[{"create":{"status":201}},{"create":{"status":201}}"#,
        ]
    )
    func rubbish(body: String) throws {
        #expect(isAgain(try judge(200, body)))
    }

    @Test("Items that cannot be read are sent again", arguments: [#"{}"#, #"{"create":1}"#, #"{"create":{}}"#, "7"])
    func badItem(item: String) throws {
        let body = #"{"errors":true,"items":[{"create":{"status":201}},"# + item + "]}"
        guard case .each(let verdicts, _) = try judge(200, body) else {
            Issue.record("no verdict for each item")
            return
        }
        #expect(verdicts == [.delivered, .retry])
    }

    @Test("That there are no errors is not believed of items that do not say so")
    func silentItem() throws {
        let body = #"{"errors":false,"items":[{"create":{"status":201}},{"create":{"_id":"x"}}]}"#
        guard case .each(let verdicts, _) = try judge(200, body) else {
            Issue.record("no verdict for each item")
            return
        }
        #expect(verdicts == [.delivered, .retry])
    }

    @Test("An answer with more in it than was asked for is a yes too")
    func fullAnswer() throws {
        let item = #"{"create":{"_index":"x","_id":"1","_version":1,"result":"created","status":201}}"#
        #expect(try judge(200, #"{"took":3,"errors":false,"items":["# + item + "," + item + "]}") == .delivered)
    }

    @Test("Whole answers")
    func whole() throws {
        guard case .smaller(413, _) = try judge(413, "too large") else {
            Issue.record("413 is not split")
            return
        }
        guard case .smaller(400, _) = try judge(400, "{}") else {
            Issue.record("400 is not split")
            return
        }
        for status in [301, 401, 403, 404, 418] {
            guard case .hold(status, _) = try judge(status, "no") else {
                Issue.record("\(status) does not hold")
                continue
            }
        }
        for status in [408, 425, 429, 500, 502, 503, 504] { #expect(isAgain(try judge(status, "busy"))) }
        guard case .again(_, after: 7) = try judge(429, "busy", retryAfter: 7) else {
            Issue.record("Retry-After is not honoured")
            return
        }
    }
}
