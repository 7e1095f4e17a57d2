// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import SluiceEvents
import Testing

@Suite("What is said about an output's pace")
struct PaceOptionsTests {
    private func read(
        _ options: [(String, ConfigurationNode)],
        type: String = "elasticsearch"
    ) -> (options: OutputOptions?, problems: String) {
        let problems = ConfigurationProblems()
        var entries = options
        if type == "loki" { entries.append(("labels", ["job": "x"])) }
        if !options.contains(where: { $0.0 == "hosts" }), type != "console" { entries.append(("hosts", ["a", "b"])) }
        let node = ConfigurationNode(
            .mapping(entries.map { ConfigurationEntry(key: $0.0, keyPosition: .literal, value: $0.1) })
        )
        let section = ConfigurationSection(node, problems: problems)
        let output = OutputTable.makers[type]?(section)
        section.finish()
        return (output?.options, problems.description)
    }

    @Test("All hosts get events, as many requests as they take", arguments: ["elasticsearch", "loki", "http"])
    func defaults(type: String) throws {
        let (options, problems) = read([], type: type)
        #expect(problems == "")
        let pace = try #require(options?.pace)
        #expect(pace.workers == nil && pace.balances && pace.maximumConcurrency == 8)
        #expect(pace.bytesPerSecond == nil && pace.eventsPerSecond == nil)
        #expect(pace.keepsOrder == (type != "elasticsearch"))
        #expect(read([("hosts", ["a"])], type: type).options?.pace.maximumConcurrency == 16)
    }

    @Test("Filebeat's options and our own are taken")
    func all() throws {
        let (options, problems) = read([
            ("worker", 3), ("loadbalance", false), ("max_retries", -1), ("idle_connection_timeout", "7s"),
            ("rate_limit", ["bytes": "5MB", "events": 10_000]),
        ])
        #expect(problems == "")
        let pace = try #require(options?.pace)
        #expect(pace.workers == 3 && !pace.balances && pace.idleConnectionTimeout == 7_000_000_000)
        #expect(pace.bytesPerSecond == 5_000_000 && pace.eventsPerSecond == 10_000)
        #expect(read([("concurrency.max", 5)]).options?.pace.maximumConcurrency == 5)
        #expect(read([("workers", 4)], type: "loki").options?.pace.workers == 4)
        #expect(read([("rate_limit.events", 7)], type: "console").options?.pace.eventsPerSecond == 7)
    }

    static let mistakes: [(String, ConfigurationNode, String)] = [
        ("workers", 0, "from 1 to 64"), ("concurrency", ["max": 65], "from 1 to 64"),
        ("concurrency", ["maxx": 3], "did you mean 'concurrency.max'"),
        ("rate_limit", ["bytes": "fast"], "a size such as"), ("rate_limit", ["lines": 5], "unknown key"),
        ("preset", "fast", "one of balanced, throughput, scale, latency, custom"),
        ("loadbalance", "maybe", "true or false"),
        ("idle_connection_timeout", "long", "a duration"), ("max_retries", "often", "a whole number"),
    ]

    @Test("What cannot be is refused with a sentence", arguments: mistakes)
    func mistake(key: String, value: ConfigurationNode, words: String) {
        let problems = read([(key, value)]).problems
        #expect(problems.contains(words), "\(problems)")
    }

    @Test("What contradicts is refused")
    func contradictions() {
        #expect(read([("worker", 1), ("workers", 2)]).problems.contains("keep one of them"))
        #expect(read([("workers", 2), ("concurrency.max", 3)]).problems.contains("keep one of them"))
        #expect(read([("preset", "scale")], type: "loki").problems.contains("unknown key 'preset'"))
    }

    static let presets: [(String, [Int64])] = [
        // bulk_max_size, workers, flush.timeout, idle_connection_timeout, backoff.init and backoff.max in seconds
        ("balanced", [1600, 1, 10, 3, 2, 30]), ("throughput", [1600, 4, 5, 15, 2, 30]),
        ("scale", [1600, 1, 20, 1, 5, 300]), ("latency", [50, 1, 1, 60, 2, 30]),
        ("custom", [99, 2, 3, 4, 2, 30]), ("", [99, 2, 3, 4, 2, 30]),
    ]

    @Test("A preset has Filebeat's figures, and overrides what is given beside it", arguments: presets)
    func preset(name: String, figures: [Int64]) throws {
        var given: [(String, ConfigurationNode)] = [
            ("bulk_max_size", 99), ("worker", 2), ("flush", ["timeout": "3s"]), ("idle_connection_timeout", "4s"),
            ("backoff", ["init": "2s", "max": "30s"]), ("compression_level", 5), ("timeout", "9s"),
        ]
        if !name.isEmpty { given.append(("preset", .plain(name))) }
        let (options, problems) = read(given)
        #expect(problems == "")
        let found = try #require(options)
        let second: Int64 = 1_000_000_000
        #expect(
            [
                Int64(found.bulkMaximumEvents), Int64(found.pace.workers ?? 0), found.flushTimeout / second,
                found.pace.idleConnectionTimeout / second, found.backoffInitial / second, found.backoffMaximum / second,
            ] == figures
        )
        #expect(found.timeout == 9 * second, "what the preset does not speak of stays")
        let isCustom = name.isEmpty || name == "custom"
        #expect(found.compressionLevel == (isCustom ? 5 : 1))
        var overridden = ["bulk_max_size", "worker", "flush.timeout", "compression_level", "idle_connection_timeout"]
        if name == "scale" { overridden += ["backoff.init", "backoff.max"] }
        #expect(found.pace.overridden == (isCustom ? [] : overridden))
        #expect(read([("preset", .plain(name.isEmpty ? "custom" : name))]).options?.pace.overridden == [])
    }
}
