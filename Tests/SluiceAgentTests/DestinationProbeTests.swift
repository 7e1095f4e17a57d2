// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import SluiceEvents
import Testing

/// What is asked of a destination to find out whether events could go there, and what its answers mean.
@Suite struct DestinationProbeTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// By the beginning of method and target.
        var answers: [String: DestinationAnswer]
        let verdict: Finding.Verdict
        let words: String
    }

    private static func run(
        _ conversation: some Conversation,
        _ row: Row,
        _ good: [String: DestinationAnswer]
    ) -> Finding {
        let answers = good.merging(row.answers) { $1 }
        var conversation = conversation
        var step = conversation.begin()
        var count = 0
        while case .ask(let request) = step, count < 20 {
            count += 1
            let line = "\(request.method.rawValue) \(request.target)"
            let answer = answers.filter { line.hasPrefix($0.key) }.max { $0.key.count < $1.key.count }?.value
            step = conversation.receive(answer ?? DestinationAnswer(404, "nothing here"))
        }
        guard case .end(let finding) = step else { return .unavailable("no end") }
        return finding
    }

    // MARK: Elasticsearch

    private static let elasticsearch: [String: DestinationAnswer] = [
        "GET /": DestinationAnswer(404, "{}"),
        "GET /_": DestinationAnswer(404, "{}"),
        "GET /loki": DestinationAnswer(404, "404 page not found"),
        "POST /_security": DestinationAnswer(
            200,
            #"{"has_all_requested":true,"index":{"logs-mlops-default":{"create_doc":true,"auto_configure":true}}}"#
        ),
        "GET /logs-mlops": DestinationAnswer(200, "{}"),
    ]

    private static let root = DestinationAnswer(200, ElasticsearchSetupTests.elasticsearch)
    private static let isLoki = DestinationAnswer(200, #"{"version":"3.1.0","revision":"935aee7"}"#)

    @Test(
        arguments: [
            Row(
                testDescription: "all is well",
                answers: ["GET /": root],
                verdict: .fine,
                words: "Elasticsearch 8.19.0; 'logs-mlops-default' may be written; 'logs-mlops-default' is there"
            ),
            Row(
                testDescription: "security is turned off, and the index is not there yet",
                answers: [
                    "GET /": root,
                    "POST /_security": DestinationAnswer(400, #"{"error":"no handler found for uri"}"#),
                    "GET /logs-mlops": DestinationAnswer(404, "{}"),
                ],
                verdict: .fine,
                words: "'logs-mlops-default' is not there yet"
            ),
            Row(
                testDescription: "may not write",
                answers: [
                    "GET /": root,
                    "POST /_security": DestinationAnswer(
                        200,
                        #"{"index":{"logs-mlops-default":{"create_doc":false}}}"#
                    ),
                ],
                verdict: .misconfigured,
                words: "give them the privilege create_doc"
            ),
            Row(
                testDescription: "may write, but not make",
                answers: [
                    "GET /": root,
                    "POST /_security": DestinationAnswer(
                        200,
                        #"{"index":{"logs-mlops-default":{"create_doc":true,"auto_configure":false}}}"#
                    ), "GET /logs-mlops": DestinationAnswer(404, "{}"),
                ],
                verdict: .misconfigured,
                words: "auto_configure"
            ),
            Row(
                testDescription: "may write, but not ask",
                answers: ["GET /": DestinationAnswer(403, "{}"), "GET /logs-mlops": DestinationAnswer(403, "{}")],
                verdict: .fine,
                words: "'logs-mlops-default' may be written"
            ),
            Row(
                testDescription: "the newest index is blocked",
                answers: [
                    "GET /": root,
                    "GET /logs-mlops": DestinationAnswer(
                        200,
                        #"{".ds-x-000001":{"settings":{"index":{}}},".ds-x-000002":{"settings":{"index":"#
                            + #"{"blocks":{"read_only_allow_delete":"true"}}}}}"#
                    ),
                ],
                verdict: .misconfigured,
                words: "its disks were too full"
            ),
            Row(
                testDescription: "an older index is blocked",
                answers: [
                    "GET /": root,
                    "GET /logs-mlops": DestinationAnswer(
                        200,
                        #"{".ds-x-000001":{"settings":{"index":{"blocks":{"write":"true"}}}},"#
                            + #"".ds-x-000002":{"settings":{"index":{}}}}"#
                    ),
                ],
                verdict: .fine,
                words: "is there"
            ),
            Row(
                testDescription: "a Loki",
                answers: ["GET /": DestinationAnswer(404, "404 page not found"), "GET /loki": isLoki],
                verdict: .misconfigured,
                words: "a Loki (3.1.0) and no Elasticsearch"
            ),
            Row(
                testDescription: "something else",
                answers: ["GET /": DestinationAnswer(200, "<html>")],
                verdict: .misconfigured,
                words: "what answers there is no Elasticsearch (200: <html>)"
            ),
            Row(
                testDescription: "wrong password",
                answers: ["GET /": DestinationAnswer(401, "{}")],
                verdict: .misconfigured,
                words: "(401)"
            ),
            Row(
                testDescription: "down behind a proxy",
                answers: ["GET /": DestinationAnswer(502, "bad gateway")],
                verdict: .unavailable,
                words: "(502): bad gateway"
            ),
            Row(
                testDescription: "too old",
                answers: [
                    "GET /": DestinationAnswer(
                        200,
                        ElasticsearchSetupTests.elasticsearch.replacing("8.19.0", with: "6.8.23")
                    )
                ],
                verdict: .misconfigured,
                words: "Elasticsearch 6.8.23 is too old"
            ),
            Row(
                testDescription: "an OpenSearch",
                answers: ["GET /": DestinationAnswer(200, ElasticsearchSetupTests.openSearch)],
                verdict: .fine,
                words: "OpenSearch 2.19.1; 'logs-mlops-default' is there"
            ),
        ]
    )
    func elasticsearch(_ row: Row) throws {
        let output = try #require(ElasticsearchSetupTests.output(nil).output)
        let finding = Self.run(ElasticsearchProbe(output), row, Self.elasticsearch)
        #expect(finding.verdict == row.verdict, "\(finding)")
        #expect(finding.words.contains(row.words), "\(finding)")
    }

    @Test(arguments: [(404, Finding.Verdict.misconfigured), (200, .fine), (403, .fine)])
    func theIngestPipelineHasToBeThere(_ status: Int, _ verdict: Finding.Verdict) throws {
        var output = try #require(ElasticsearchSetupTests.output(nil).output)
        output.pipeline = "geo"
        let row = Row(
            testDescription: "",
            answers: ["GET /": Self.root, "GET /_ingest/pipeline/geo": DestinationAnswer(status, "{}")],
            verdict: verdict,
            words: ""
        )
        #expect(Self.run(ElasticsearchProbe(output), row, Self.elasticsearch).verdict == verdict)
    }

    @Test func whatTheSetUpMakesNeedNotBeThere() throws {
        let output = try #require(ElasticsearchSetupTests.output(true).output)
        let row = Row(
            testDescription: "",
            answers: [
                "GET /": Self.root,
                "POST /_security": DestinationAnswer(
                    200,
                    #"{"index":{"logs-mlops-default":{"create_doc":true,"auto_configure":false}}}"#
                ), "GET /logs-mlops": DestinationAnswer(404, "{}"),
            ],
            verdict: .fine,
            words: ""
        )
        #expect(Self.run(ElasticsearchProbe(output), row, Self.elasticsearch).verdict == .fine)
    }

    // MARK: Loki

    private static let loki: [String: DestinationAnswer] = [
        "GET /ready": DestinationAnswer(200, "ready\n"),
        "GET /loki/api/v1/status/buildinfo": isLoki,
        "POST /loki/api/v1/push": DestinationAnswer(422, "at least one valid stream is required for ingestion"),
    ]

    private static func limits(_ text: String) -> [String: DestinationAnswer] {
        ["GET /config/tenant/v1/limits": DestinationAnswer(200, text)]
    }

    @Test(
        arguments: [
            Row(testDescription: "all is well", answers: [:], verdict: .fine, words: "Loki 3.1.0; it takes pushes"),
            Row(
                testDescription: "starting",
                answers: ["GET /ready": DestinationAnswer(503, "Ingester not ready: waiting for 15s\n")],
                verdict: .unavailable,
                words: "it is not ready (503): Ingester not ready"
            ),
            Row(
                testDescription: "no tenant",
                answers: ["POST /loki/api/v1/push": DestinationAnswer(401, "no org id\n")],
                verdict: .misconfigured,
                words: "say which with 'tenant'"
            ),
            Row(
                testDescription: "several tenants",
                answers: ["POST /loki/api/v1/push": DestinationAnswer(400, "multiple org IDs present\n")],
                verdict: .misconfigured,
                words: "correct 'tenant'"
            ),
            Row(
                testDescription: "a proxy before it wants a password",
                answers: ["POST /loki/api/v1/push": DestinationAnswer(401, "<html>401</html>")],
                verdict: .misconfigured,
                words: "it wants credentials (401)"
            ),
            Row(
                testDescription: "may not push",
                answers: ["POST /loki/api/v1/push": DestinationAnswer(403, "invalid scope")],
                verdict: .misconfigured,
                words: "may not push (403): invalid scope"
            ),
            Row(
                testDescription: "blocked",
                answers: ["POST /loki/api/v1/push": DestinationAnswer(260)],
                verdict: .misconfigured,
                words: "it has blocked this tenant"
            ),
            Row(
                testDescription: "an Elasticsearch",
                answers: [
                    "GET /": root, "GET /ready": DestinationAnswer(404, "{}"),
                    "GET /loki/api/v1/status/buildinfo": DestinationAnswer(404, "{}"),
                    "POST /loki/api/v1/push": DestinationAnswer(405, "{}"),
                ],
                verdict: .misconfigured,
                words: "an Elasticsearch 8.19.0 and no Loki"
            ),
            Row(
                testDescription: "something else",
                answers: [
                    "GET /": DestinationAnswer(404, "nothing"), "GET /ready": DestinationAnswer(404, "nothing"),
                    "GET /loki/api/v1/status/buildinfo": DestinationAnswer(404, "nothing"),
                    "POST /loki/api/v1/push": DestinationAnswer(404, "nothing"),
                ],
                verdict: .misconfigured,
                words: "what answers there is no Loki (404: nothing)"
            ),
            Row(
                testDescription: "limits in JSON",
                answers: limits(
                    #"{"max_line_size":"128KB","max_label_value_length":1024,"creation_grace_period":"10m"}"#
                ),
                verdict: .fine,
                words: "set that to 131072; it takes less than limits.max_label_value_length: set that to 1024"
            ),
            Row(
                testDescription: "limits in YAML",
                answers: limits(
                    "reject_old_samples: true\nmax_line_size: 128KB\nretention_stream:\n- period: 24h\n"
                        + "creation_grace_period: 5m\n"
                ),
                verdict: .fine,
                words: "limits.creation_grace_period: set that to 5m"
            ),
            Row(
                testDescription: "limits of the drilldown's form that are the same",
                answers: limits(#"{"limits":{"max_line_size":"256KB","max_label_names_per_series":15}}"#),
                verdict: .fine,
                words: "it takes pushes"
            ),
            Row(
                testDescription: "no structured metadata",
                answers: limits(#"{"allow_structured_metadata":false}"#),
                verdict: .misconfigured,
                words: "take 'structured_metadata' out"
            ),
            Row(
                testDescription: "fewer labels",
                answers: limits(#"{"max_label_names_per_series":1}"#),
                verdict: .misconfigured,
                words: "it takes 1 labels (max_label_names_per_series), and these are 2"
            ),
            Row(
                testDescription: "shorter names",
                answers: limits(#"{"max_label_name_length":4}"#),
                verdict: .misconfigured,
                words: "'level' is longer"
            ),
            Row(
                testDescription: "smaller requests",
                answers: limits(#"{"ingestion_burst_size_mb":3}"#),
                verdict: .misconfigured,
                words: "bulk_max_bytes is 4000000"
            ),
        ]
    )
    func loki(_ row: Row) throws {
        let problems = ConfigurationProblems()
        let section = ConfigurationSection(
            [
                "url": "http://127.0.0.1:3100", "labels": ["job": "x", "level": "y"],
                "structured_metadata": ["request_id"],
            ],
            problems: problems
        )
        let output = try #require(LokiOutput(section))
        let finding = Self.run(LokiProbe(output), row, Self.loki)
        #expect(finding.verdict == row.verdict, "\(finding)")
        #expect(finding.words.contains(row.words), "\(finding)")
        if row.testDescription.hasSuffix("the same") { #expect(!finding.words.contains("less")) }
    }

    // MARK: Others

    @Test(
        arguments: [
            (200, Finding.Verdict.fine), (204, .fine), (404, .fine), (405, .fine), (501, .fine), (401, .misconfigured),
            (403, .misconfigured), (301, .misconfigured), (429, .unavailable), (503, .unavailable),
        ]
    )
    func anyURL(_ status: Int, _ verdict: Finding.Verdict) {
        let probe = HTTPProbe(hasCredentials: false)
        guard case .ask(let request) = probe.begin() else {
            Issue.record("nothing is asked")
            return
        }
        #expect(request.method == .head)
        guard case .end(let finding) = probe.receive(DestinationAnswer(status)) else {
            Issue.record("it goes on")
            return
        }
        #expect(finding.verdict == verdict)
    }

    @Test(
        arguments: [
            ([], false, Finding.Verdict.fine, "takes an empty window"),
            (Array("2A\0\0\0\0".utf8), false, .fine, "acknowledges"),
            ([0x15, 3, 3, 0, 2], false, .misconfigured, "speaks TLS"),
            (Array("HTTP/1.1 400 Bad Request".utf8), true, .misconfigured, "speaks HTTP"),
            (Array("220 mail".utf8), false, .misconfigured, "does not speak the protocol"),
        ] as [([UInt8], Bool, Finding.Verdict, String)]
    )
    func anEmptyWindow(_ bytes: [UInt8], _ isTLS: Bool, _ verdict: Finding.Verdict, _ words: String) {
        let finding = EmptyWindowAnswer.finding(bytes, isTLS: isTLS)
        #expect(finding.verdict == verdict)
        #expect(finding.words.contains(words), "\(finding)")
    }
}
