// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SluiceAgent
import SluiceBytes
import SluiceEvents
import Testing

@Suite("Verdicts on Loki's answers")
struct PushResponseTests {
    private func judge(_ status: Int, _ words: String = "said why") throws -> Verdict {
        let problems = ConfigurationProblems()
        let output = try #require(
            LokiOutput(
                ConfigurationSection(["url": "http://127.0.0.1:3100", "labels": ["job": "test"]], problems: problems)
            )
        )
        #expect(problems.isEmpty)
        let request = OutputRequest(
            target: "",
            contentType: "",
            body: ByteBuffer(),
            isCompressed: false,
            plainBytes: 0,
            events: [0, 1]
        )
        return words.withByteView { output.judge(OutputResponse(status: status, body: $0), request: request) }
    }

    @Test("204 is a yes; 260 stores nothing, and is none; 200 is one where no words say otherwise")
    func yes() throws {
        #expect(try judge(204, "") == .delivered)
        #expect(try judge(200, "") == .delivered)
        for status in [200, 202, 299] {
            guard case .hold(status, let reason) = try judge(status) else {
                Issue.record("\(status) with words does not hold")
                continue
            }
            #expect(reason.contains("said why"))
        }
        guard case .hold(299, _) = try judge(299, "") else {
            Issue.record("299 does not hold")
            return
        }
        guard case .hold(260, let reason) = try judge(260) else {
            Issue.record("260 does not hold")
            return
        }
        #expect(reason.contains("said why"))
    }

    @Test("What the good lines of a refused request are: asked again in halves", arguments: [400, 413, 422])
    func smaller(status: Int) throws {
        guard case .smaller(status, _) = try judge(status) else {
            Issue.record("\(status) is not split")
            return
        }
    }

    @Test("Again later", arguments: [408, 425, 429, 500, 502, 503, 504])
    func again(status: Int) throws {
        guard case .again = try judge(status) else {
            Issue.record("\(status) is not tried again")
            return
        }
    }

    @Test("Needs a person", arguments: [401, 403, 404, 302, 418])
    func hold(status: Int) throws {
        guard case .hold(status, _) = try judge(status) else {
            Issue.record("\(status) does not hold")
            return
        }
    }
}
