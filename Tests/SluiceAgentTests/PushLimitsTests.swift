// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import SluiceBytes
import SluiceCompression
import SluiceEvents
import Testing

@Suite("Loki's limits, as they are configured")
struct PushLimitsTests {
    private func output(_ options: [(String, ConfigurationNode)]) -> (output: LokiOutput?, problems: [String]) {
        var entries: [(String, ConfigurationNode)] = [("url", "http://127.0.0.1:3100")]
        if !options.contains(where: { $0.0 == "labels" }) { entries.append(("labels", ["job": "test"])) }
        entries += options
        let node = ConfigurationNode(
            .mapping(entries.map { ConfigurationEntry(key: $0.0, keyPosition: .literal, value: $0.1) })
        )
        let problems = ConfigurationProblems()
        let section = ConfigurationSection(node, problems: problems)
        let output = LokiOutput(section)
        section.finish()
        return (output, problems.sorted.map { "\($0)" })
    }

    @Test func withoutAWordTheyAreLokisOwnAndLoseNothing() throws {
        let limits = try #require(output([]).output).pushLimits
        #expect(limits.lineSize == .init(maximum: 262_144, action: .deadLetter))
        #expect(limits.labelCount == .init(maximum: 15, action: .truncate))
        #expect(limits.labelValue == .init(maximum: 2048, action: .truncate))
        #expect(limits.metadataSize == .init(maximum: 65_536, action: .truncate))
        #expect(limits.metadataCount == .init(maximum: 128, action: .truncate))
        #expect(limits.future == .init(maximum: 600_000_000_000, action: .deadLetter))
        #expect(limits.isAgeLearned)
    }

    @Test(arguments: [("line", "raw"), ("remove_label_fields", "true")])
    func whatIsNotInTheLineIsNotCut(key: String, value: String) throws {
        let value = ConfigurationNode(.scalar(text: value, isPlain: true))
        let limits = try #require(output([(key, value)]).output).pushLimits
        #expect(
            [limits.labelCount, limits.labelValue, limits.metadataSize, limits.metadataCount].allSatisfy {
                $0.action == .deadLetter
            }
        )
    }

    @Test func aValueAloneOrWithWhatIsDone() throws {
        let (output, problems) = output([
            (
                "limits",
                [
                    "max_line_size": ["value": "1KiB", "action": "truncate"], "max_label_value_length": 0,
                    "reject_old_samples_max_age": "24h", "creation_grace_period": ["action": "drop"],
                ]
            )
        ])
        #expect(problems.isEmpty)
        let limits = try #require(output).pushLimits
        #expect(limits.lineSize == .init(maximum: 1024, action: .truncate, isChosen: true))
        #expect(limits.labelValue.maximum == .max)
        #expect(limits.age.maximum == 86_400_000_000_000)
        #expect(!limits.isAgeLearned)
        #expect(limits.future == .init(maximum: 600_000_000_000, action: .drop, isChosen: true))
    }

    static let mistakes: [([(String, ConfigurationNode)], String)] = [
        ([("limits", ["max_line_sise": 5])], "unknown"),
        ([("limits", ["max_line_size": "long"])], "max_line_size"),
        ([("limits", ["max_line_size": ["value": 5, "action": "shorten"]])], "one of truncate, drop, dead_letter"),
        ([("limits", ["creation_grace_period": ["action": "truncate"]])], "a time cannot be cut"),
        ([("labels", ["a": "1", "b": "2"]), ("limits", ["max_label_names_per_series": 1])], "at most 1 labels"),
        ([("labels", ["long": "1"]), ("limits", ["max_label_name_length": 3])], "more than the 3 bytes"),
        ([("encoding", "protobuf"), ("compression_level", 1)], "compressed with Snappy"),
        ([("compression", ["engine": "igzip", "level": 9])], "igzip has levels 1 to 3"),
        ([("compression", ["level": 2]), ("compression_level", 1)], "given twice"),
    ]

    @Test(arguments: mistakes.indices)
    func mistakesAreSaid(number: Int) {
        let (options, words) = Self.mistakes[number]
        let problems = output(options).problems
        #expect(problems.contains { $0.contains(words) }, "\(problems)")
    }

    @Test func whoSaysWhatIsDoneMayHaveMoreLabels() {
        let options: [(String, ConfigurationNode)] = [
            ("labels", ["a": "1", "b": "2"]),
            ("limits", ["max_label_names_per_series": ["value": 1, "action": "truncate"]]),
        ]
        #expect(output(options).problems.isEmpty)
    }

    @Test func compressionHasAnEngineAndALevel() throws {
        #expect(try #require(output([]).output).options.compression == .gzip(.auto))
        let (output, problems) = output([("compression", ["engine": "zlib", "level": 6])])
        #expect(problems.isEmpty)
        #expect(try #require(output).options.compression == .gzip(.zlib))
        #expect(try #require(output).options.compressionLevel == 6)
    }

    static let answers: [(String, String?)] = [
        (
            "entry for stream '{job=\"a\"}' has timestamp too old: 2026-01-01T00:00:00Z, oldest acceptable timestamp is: "
                + "2026-02-03T04:05:06Z\n", "2026-02-03T04:05:06Z"
        ),
        (
            "2 errors like: entry for stream '{a=\"has timestamp too old: x\"}' has timestamp too old: "
                + "2026-01-01T00:00:00Z, oldest acceptable timestamp is: 2026-02-03T04:05:06Z; 1 errors like: …",
            "2026-02-03T04:05:06Z"
        ),
        ("entry too far behind, oldest acceptable timestamp is: 2026-02-03T04:05:06Z", nil),
        ("has timestamp too old: ", nil),
        ("has timestamp too old: 2026-01-01T00:00:00Z, oldest acceptable timestamp is: soon", nil),
        ("", nil),
    ]

    @Test(arguments: answers)
    func theAgeIsInTheAnswer(answer: String, time: String?) {
        let expected = time.flatMap { $0.withByteView { Timestamp.parse($0)?.nanoseconds } }
        #expect(answer.withByteView { LearnedAge.oldestAcceptable(in: $0) } == expected)
    }

    @Test func noAgeIsLearnedFromATimeAhead() {
        let learned = LearnedAge()
        let answer = Self.answers[0].0
        answer.withByteView { learned.learn(from: $0, now: 0) }
        #expect(learned.maximum == .max)
        let oldest = answer.withByteView { LearnedAge.oldestAcceptable(in: $0) } ?? 0
        answer.withByteView { learned.learn(from: $0, now: oldest + 3_600_000_000_000) }
        #expect(learned.maximum == 3_660_000_000_000)
    }
}
