// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import SluiceBytes
import SluiceEvents
import Testing

/// What is asked of an Elasticsearch or OpenSearch to set it up, and what its answers mean.
@Suite struct ElasticsearchSetupTests {
    static let elasticsearch =
        #"{"cluster_name":"c","version":{"number":"8.19.0","build_flavor":"default"},"tagline":"You Know, for Search"}"#
    static let openSearch =
        #"{"cluster_name":"c","version":{"distribution":"opensearch","number":"2.19.1"},"tagline":"The OpenSearch Project: https://opensearch.org/"}"#
    static let pleasing =
        #"{"cluster_name":"c","version":{"number":"7.10.2"},"tagline":"The OpenSearch Project: https://opensearch.org/"}"#

    /// An output's options, and what is wrong with them.
    static func output(
        index: String = "logs-mlops-default",
        _ setup: ConfigurationNode?
    ) -> (output: ElasticsearchOutput?, problems: [String]) {
        var entries: [(String, ConfigurationNode)] = [
            ("url", "http://127.0.0.1:9200"), ("index", ConfigurationNode(.scalar(text: index, isPlain: false))),
        ]
        if let setup { entries.append(("setup", setup)) }
        let node = ConfigurationNode(
            .mapping(entries.map { ConfigurationEntry(key: $0.0, keyPosition: .literal, value: $0.1) })
        )
        let problems = ConfigurationProblems()
        let section = ConfigurationSection(node, problems: problems)
        let output = ElasticsearchOutput(section)
        section.finish()
        return (output, problems.sorted.map { "\($0)" })
    }

    /// Answers every request, and says what was asked and what was found.
    static func run(
        _ output: ElasticsearchOutput,
        credentials: Bool = true,
        _ answer: (DestinationRequest) -> DestinationAnswer
    ) -> (asked: [DestinationRequest], finding: Finding) {
        var setup = ElasticsearchSetup(output.setup, hasCredentials: credentials)
        var asked: [DestinationRequest] = []
        var step = setup.begin()
        while case .ask(let request) = step, asked.count < 20 {
            asked.append(request)
            step = setup.receive(answer(request))
        }
        guard case .end(let finding) = step else { return (asked, .unavailable("no end")) }
        return (asked, finding)
    }

    /// A server that has nothing yet and takes everything.
    static func empty(_ root: String) -> (DestinationRequest) -> DestinationAnswer {
        { request in
            if request.target == "/" { return DestinationAnswer(200, root) }
            if request.method == .get { return DestinationAnswer(404, "{}") }
            return DestinationAnswer(200, #"{"acknowledged":true}"#)
        }
    }

    static func json(_ text: String?) throws -> JSONContent {
        try (text ?? "").withByteView { view throws(JSONError) in try JSONContent.parse(view) }
    }

    // MARK: What is asked

    @Test func aDataStreamHasPolicyTemplateAndStream() throws {
        let output = try #require(Self.output(true).output)
        #expect(output.isSetUpFirst)
        let (asked, finding) = Self.run(output, Self.empty(Self.elasticsearch))
        #expect(finding.verdict == .fine, "\(finding)")
        let name = "sluice-logs-mlops-default"
        #expect(
            asked.map { "\($0.method.rawValue) \($0.target)" } == [
                "GET /", "GET /_ilm/policy/\(name)", "PUT /_ilm/policy/\(name)", "GET /_index_template/\(name)",
                "PUT /_index_template/\(name)?create=true", "GET /_data_stream/logs-mlops-default",
                "PUT /_data_stream/logs-mlops-default",
            ]
        )
        #expect(
            asked[2].body
                == #"{"policy":{"phases":{"hot":{"actions":{"rollover":{"max_age":"30d","max_primary_shard_size":"50gb"}}}}}}"#
        )
        let template = try Self.json(asked[4].body)
        #expect(template["index_patterns"] == .array([.string("logs-mlops-default")]))
        #expect(template["priority"]?.integer == 150)
        #expect(template["data_stream"] == .object([:]))
        let mappings = template["template"]?["mappings"]
        #expect(mappings?["date_detection"]?.boolean == false)
        #expect(mappings?["properties"]?["@timestamp"]?["type"]?.text == "date")
        #expect(mappings?["properties"]?["message"]?["type"]?.text == "match_only_text")
        let strings = mappings?["dynamic_templates"]?.elements?.first?["strings_as_keywords"]
        #expect(strings?["match_mapping_type"]?.text == "string")
        #expect(strings?["mapping"]?["type"]?.text == "keyword")
        let settings = template["template"]?["settings"]?["index"]
        #expect(settings?["lifecycle"]?["name"]?.text == name)
        #expect(settings?["mapping"]?["total_fields"]?["ignore_dynamic_beyond_limit"]?.boolean == true)
        #expect(finding.words.contains("index template '\(name)' written"))
        #expect(finding.words.contains("data stream 'logs-mlops-default' made"))
    }

    @Test func anIndexWithADateIsNoDataStream() throws {
        let output = try #require(Self.output(index: "mlops-%{[service]}-%{+yyyy.MM.dd}", true).output)
        let (asked, finding) = Self.run(output, Self.empty(Self.elasticsearch))
        #expect(finding.verdict == .fine, "\(finding)")
        let path = "/_index_template/sluice-mlops"
        #expect(asked.map(\.target) == ["/", path, path + "?create=true"])
        let template = try Self.json(asked[2].body)
        #expect(template["index_patterns"] == .array([.string("mlops-*-*")]))
        #expect(template["data_stream"] == nil)
        #expect(template["template"]?["settings"]?["index"]?["lifecycle"] == nil)
    }

    @Test func anIndexWithADateIsDeletedByAPolicyWithoutRollover() throws {
        let output = try #require(Self.output(index: "mlops-%{+yyyy.MM.dd}", ["retention": "90d"]).output)
        let (asked, _) = Self.run(output, Self.empty(Self.elasticsearch))
        #expect(
            asked.first { $0.target.hasPrefix("/_ilm") && $0.method == .put }?.body
                == #"{"policy":{"phases":{"delete":{"actions":{"delete":{}},"min_age":"90d"},"hot":{"actions":{}}}}}"#
        )
    }

    @Test func whatIsWrittenIsTakenFromTheOptions() throws {
        let (output, problems) = Self.output([
            "retention": "1y",
            "template": ["pattern": "logs-*", "name": "Mine"],
            "ilm": ["enabled": true], "dsl": ["enabled": true],
            "rollover": ["max_primary_shard_size": "many"],
        ])
        #expect(output != nil)
        #expect(problems.contains { $0.contains("a duration such as 30d") && $0.contains("retention") }, "\(problems)")
        #expect(problems.contains { $0.contains("'Mine'") && $0.contains("capital") }, "\(problems)")
        #expect(problems.contains { $0.contains("enable one of them") }, "\(problems)")
        #expect(problems.contains { $0.contains("a size such as 50gb") }, "\(problems)")

        let good = Self.output([
            "enabled": false, "retention": "30d", "rollover": ["max_age": "1d", "max_primary_shard_size": "5GB"],
            "template": [
                "name": "mine", "pattern": "logs-mlops-*", "priority": 300, "timestamp": "date_nanos",
                "settings": [
                    "index.number_of_shards": 3, "index": ["codec": "best_compression"], "_source.enabled": true,
                ],
                "mappings": ["properties": ["message": ["type": "text"], "client": ["type": "ip"]]],
            ],
            "ilm": ["policy_name": "keep"],
        ])
        #expect(good.problems == [])
        let mine = try #require(good.output)
        #expect(!mine.isSetUpFirst, "for the command alone")
        let (asked, finding) = Self.run(mine, Self.empty(Self.elasticsearch))
        #expect(finding.verdict == .fine)
        let policy = try Self.json(asked.first { $0.method == .put && $0.target == "/_ilm/policy/keep" }?.body)
        let phases = policy["policy"]?["phases"]
        #expect(phases?["delete"]?["min_age"]?.text == "30d")
        #expect(phases?["hot"]?["actions"]?["rollover"]?["max_age"]?.text == "1d")
        #expect(phases?["hot"]?["actions"]?["rollover"]?["max_primary_shard_size"]?.text == "5gb")
        let put = asked.first { $0.method == .put && $0.target.hasPrefix("/_index_template/mine") }
        let template = try Self.json(put?.body)
        #expect(template["index_patterns"] == .array([.string("logs-mlops-*")]))
        #expect(template["priority"]?.integer == 300)
        let inner = template["template"]
        #expect(inner?["settings"]?["index"]?["number_of_shards"]?.integer == 3)
        #expect(inner?["settings"]?["index"]?["codec"]?.text == "best_compression")
        #expect(inner?["settings"]?["index"]?["lifecycle"]?["name"]?.text == "keep")
        #expect(inner?["settings"]?["_source"] == nil)
        #expect(inner?["mappings"]?["_source"]?["enabled"]?.boolean == true)
        let properties = inner?["mappings"]?["properties"]
        #expect(properties?["@timestamp"]?["type"]?.text == "date_nanos")
        #expect(properties?["message"] == .object(["type": .string("text")]))
        #expect(properties?["client"]?["type"]?.text == "ip")
    }

    @Test(
        arguments: [
            ("%{[service]}-%{+yyyy}", "every index"), ("logs-%{[service]}-%{+yyyy.MM.dd}", "data streams of others"),
            ("metrics-%{+yyyy}", "data streams of others"),
        ]
    )
    func aTemplateForOthersIsNotSetUp(_ index: String, _ word: String) {
        #expect(Self.output(index: index, true).problems.contains { $0.contains(word) })
        #expect(Self.output(index: index, nil).problems == [], "only where it is asked for")
        let pattern: ConfigurationNode = ["template": ["pattern": "logs-mlops-*"]]
        #expect(Self.output(index: index, pattern).problems == [])
    }

    @Test func aPatternThatMissesTheIndexIsAMistake() {
        let (_, problems) = Self.output(["template": ["pattern": "metrics-x-*"]])
        #expect(problems.contains { $0.contains("does not match the index 'logs-mlops-default'") }, "\(problems)")
    }

    // MARK: What is there already

    @Test func whatIsThereStays() throws {
        let output = try #require(Self.output(true).output)
        let (asked, finding) = Self.run(output) { request in
            switch request.target {
            case "/": DestinationAnswer(200, Self.elasticsearch)
            case let path where path.hasPrefix("/_index_template"):
                DestinationAnswer(
                    200,
                    #"{"index_templates":[{"name":"x","index_template":{"index_patterns":["logs-mlops-*"]}}]}"#
                )
            case let path where path.hasPrefix("/_data_stream"):
                DestinationAnswer(200, #"{"data_streams":[{"name":"logs-mlops-default","template":"logs"}]}"#)
            default: DestinationAnswer(200, "{}")
            }
        }
        #expect(asked.allSatisfy { $0.method == .get })
        #expect(finding.verdict == .fine)
        #expect(finding.words.contains("made by the template 'logs'"))
    }

    @Test func whatIsToBeOverwrittenIs() throws {
        let output = try #require(Self.output(["overwrite": true]).output)
        let (asked, _) = Self.run(output) { request in
            DestinationAnswer(200, request.target == "/" ? Self.elasticsearch : "{}")
        }
        let written = asked.filter { $0.method == .put }.map(\.target)
        #expect(written.contains("/_ilm/policy/sluice-logs-mlops-default"))
        #expect(written.contains("/_index_template/sluice-logs-mlops-default"))
    }

    @Test func aTemplateOfThatNameForOtherIndicesIsSaid() throws {
        let output = try #require(Self.output(true).output)
        let (_, finding) = Self.run(output) { request in
            guard request.target.hasPrefix("/_index_template") else { return Self.empty(Self.elasticsearch)(request) }
            return DestinationAnswer(
                200,
                #"{"index_templates":[{"name":"x","index_template":{"index_patterns":["web-*"]}}]}"#
            )
        }
        #expect(finding.verdict == .misconfigured)
        #expect(finding.words.contains("is for 'web-*' and not for 'logs-mlops-default'"), "\(finding)")
    }

    /// Between the question and the writing another agent wrote it.
    @Test func whoIsSecondLeavesWhatTheFirstWrote() throws {
        let output = try #require(Self.output(true).output)
        let (_, finding) = Self.run(output) { request in
            switch (request.method, request.target) {
            case (.put, let path) where path.hasPrefix("/_index_template"):
                DestinationAnswer(400, #"{"error":{"reason":"index template [x] already exists"},"status":400}"#)
            case (.put, let path) where path.hasPrefix("/_data_stream"):
                DestinationAnswer(
                    400,
                    #"{"error":{"type":"resource_already_exists_exception","reason":"data_stream [x] already exists"}}"#
                )
            default: Self.empty(Self.elasticsearch)(request)
            }
        }
        #expect(finding.verdict == .fine, "\(finding)")
    }

    @Test func anIndexInThePlaceOfTheDataStreamIsSaid() throws {
        let output = try #require(Self.output(true).output)
        let (_, finding) = Self.run(output) { request in
            guard request.method == .put, request.target.hasPrefix("/_data_stream") else {
                return Self.empty(Self.elasticsearch)(request)
            }
            return DestinationAnswer(
                400,
                #"{"error":{"type":"resource_already_exists_exception","reason":"index [x/abc] already exists"}}"#
            )
        }
        #expect(finding.verdict == .misconfigured)
        #expect(finding.words.contains("is an index there already"), "\(finding)")
    }

    // MARK: Servers

    @Test func openSearchHasItsOwnPolicy() throws {
        let output = try #require(Self.output(["retention": "90d"]).output)
        let (asked, finding) = Self.run(output, Self.empty(Self.openSearch))
        #expect(finding.verdict == .fine, "\(finding)")
        #expect(finding.words.hasPrefix("OpenSearch 2.19.1"))
        let put = try #require(asked.first { $0.method == .put })
        #expect(put.target == "/_plugins/_ism/policies/sluice-logs-mlops-default")
        let policy = try Self.json(put.body)["policy"]
        #expect(policy?["default_state"]?.text == "hot")
        let states = try #require(policy?["states"]?.elements)
        #expect(states.count == 2)
        let rollover = states[0]["actions"]?.elements?.first?["rollover"]
        #expect(rollover == .object(["min_index_age": .string("30d"), "min_primary_shard_size": .string("50gb")]))
        let transition = states[0]["transitions"]?.elements?.first
        #expect(transition?["state_name"]?.text == "delete")
        #expect(transition?["conditions"] == .object(["min_rollover_age": .string("90d")]))
        #expect(states[1]["actions"]?.elements?.first?["delete"] == .object([:]))
        let pattern = policy?["ism_template"]?.elements?.first?["index_patterns"]
        #expect(pattern == .array([.string("logs-mlops-default")]))
        let template = try Self.json(asked.first { $0.target.contains("?create=true") }?.body)["template"]
        #expect(template?["settings"] == .object([:]), "the policy finds its indices itself")
        #expect(template?["mappings"]?["properties"]?["message"]?["type"]?.text == "match_only_text")
        #expect(!asked.contains { $0.target.hasPrefix("/_ilm") })
    }

    @Test func anOpenSearchThatCallsItselfElasticsearchIsKnown() throws {
        let output = try #require(Self.output(true).output)
        let (asked, _) = Self.run(output, Self.empty(Self.pleasing))
        #expect(asked.contains { $0.target.hasPrefix("/_plugins/_ism") })
        let template = try Self.json(asked.first { $0.target.contains("?create=true") }?.body)["template"]
        #expect(template?["mappings"]?["properties"]?["message"]?["type"]?.text == "text", "its version is not known")
    }

    /// Without the numbers OpenSearch answers 409.
    @Test func overwritingAPolicyOfOpenSearchNamesItsVersion() throws {
        let output = try #require(Self.output(["overwrite": true]).output)
        let (asked, _) = Self.run(output) { request in
            request.target == "/"
                ? DestinationAnswer(200, Self.openSearch)
                : DestinationAnswer(200, #"{"_id":"x","_seq_no":7,"_primary_term":2,"policy":{}}"#)
        }
        let put = asked.first { $0.method == .put }
        #expect(put?.target == "/_plugins/_ism/policies/sluice-logs-mlops-default?if_seq_no=7&if_primary_term=2")
    }

    @Test func withoutLifecyclePoliciesThereItGoesOnUnlessTheyWereAskedFor() throws {
        let answer: (DestinationRequest) -> DestinationAnswer = { request in
            guard request.target.hasPrefix("/_plugins") else { return Self.empty(Self.openSearch)(request) }
            return DestinationAnswer(400, #"{"error":"no handler found for uri [/_plugins/_ism/x] and method [GET]"}"#)
        }
        let automatic = try #require(Self.output(true).output)
        #expect(Self.run(automatic, answer).finding.verdict == .fine)
        let demanding = try #require(Self.output(["ilm": ["enabled": true]]).output)
        #expect(Self.run(demanding, answer).finding.verdict == .misconfigured)
    }

    @Test func theDataStreamsOwnLifecycle() throws {
        let output = try #require(Self.output(["dsl": ["enabled": true], "retention": "7d"]).output)
        let (asked, finding) = Self.run(output, Self.empty(Self.elasticsearch))
        #expect(finding.verdict == .fine)
        #expect(!asked.contains { $0.target.hasPrefix("/_ilm") })
        let template = try Self.json(asked.first { $0.target.contains("?create=true") }?.body)["template"]
        #expect(template?["lifecycle"] == .object(["enabled": .boolean(true), "data_retention": .string("7d")]))
        let old = Self.elasticsearch.replacing("8.19.0", with: "8.10.4")
        #expect(Self.run(output, Self.empty(old)).finding.verdict == .misconfigured)
    }

    @Test func serverlessHasTheDataStreamsOwnLifecycleAlone() throws {
        let root = Self.elasticsearch.replacing("\"default\"", with: "\"serverless\"")
            .replacing("8.19.0", with: "8.11.0")
        let output = try #require(Self.output(true).output)
        let (asked, finding) = Self.run(output, Self.empty(root))
        #expect(finding.verdict == .fine)
        let template = try Self.json(asked.first { $0.target.contains("?create=true") }?.body)["template"]
        #expect(template?["lifecycle"] == .object(["enabled": .boolean(true)]))
        #expect(!asked.contains { $0.target.hasPrefix("/_ilm") })
    }

    @Test(
        arguments: [
            ("logs-*", "logs-web", true), ("logs-*-default", "logs-web-default", true), ("logs-*", "log-web", false),
            ("*", "", true), ("a*b*c", "a--b--c", true), ("a*b*c", "a--c", false), ("ab*ba", "aba", false),
            ("web", "web", true), ("web", "webs", false),
        ]
    )
    func patterns(_ pattern: String, _ name: String, _ matches: Bool) {
        #expect(IndexPattern.matches(name, pattern: pattern) == matches)
    }
}
