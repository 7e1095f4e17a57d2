// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import SluiceEvents
import Testing

/// Answers to a set-up that are no yes, and what they mean.
@Suite struct SetupRefusalTests {
    /// An answer to one question, and what it means.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var root: DestinationAnswer?
        var put: DestinationAnswer?
        var credentials = true
        let verdict: Finding.Verdict
        let words: String
    }

    @Test(
        arguments: [
            Row(
                testDescription: "credentials that are not taken",
                root: DestinationAnswer(401, #"{"error":{"reason":"missing authentication credentials"}}"#),
                verdict: .misconfigured,
                words: "it does not take the credentials (401)"
            ),
            Row(
                testDescription: "no credentials",
                root: DestinationAnswer(401),
                credentials: false,
                verdict: .misconfigured,
                words: "it wants credentials (401): give username"
            ),
            Row(
                testDescription: "a privilege is missing",
                put: DestinationAnswer(403, #"{"error":{"reason":"action [x] is unauthorized"}}"#),
                verdict: .misconfigured,
                words: "give them the privilege manage_ilm"
            ),
            Row(
                testDescription: "too busy",
                put: DestinationAnswer(503, "later"),
                verdict: .unavailable,
                words: "(503): later"
            ),
            Row(
                testDescription: "starting",
                root: DestinationAnswer(503, "starting"),
                verdict: .unavailable,
                words: "(503): starting"
            ),
            Row(
                testDescription: "refused",
                put: DestinationAnswer(400, #"{"error":{"reason":"unknown setting"},"status":400}"#),
                verdict: .misconfigured,
                words: "(400): unknown setting"
            ),
            Row(
                testDescription: "something else",
                root: DestinationAnswer(200, "<html>hello</html>"),
                verdict: .misconfigured,
                words: "no Elasticsearch"
            ),
            Row(
                testDescription: "elsewhere",
                root: DestinationAnswer(302),
                verdict: .misconfigured,
                words: "it redirects (302)"
            ),
            Row(
                testDescription: "too old",
                root: DestinationAnswer(200, ElasticsearchSetupTests.elasticsearch.replacing("8.19.0", with: "7.8.1")),
                verdict: .misconfigured,
                words: "Elasticsearch 7.8.1 has no data streams"
            ),
        ]
    )
    func answersThatAreNoYes(_ row: Row) throws {
        let output = try #require(ElasticsearchSetupTests.output(true).output)
        let (_, finding) = ElasticsearchSetupTests.run(output, credentials: row.credentials) { request in
            if request.target == "/", let root = row.root { return root }
            if request.method == .put, let put = row.put { return put }
            return ElasticsearchSetupTests.empty(ElasticsearchSetupTests.elasticsearch)(request)
        }
        #expect(finding.verdict == row.verdict, "\(finding)")
        #expect(finding.words.contains(row.words), "\(finding)")
    }
}
