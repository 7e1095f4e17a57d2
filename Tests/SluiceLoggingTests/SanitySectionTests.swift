// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging
import Testing

@Suite("What keeps logs sane, in a configuration")
struct SanitySectionTests {
    private func configuration(_ sections: String) throws -> LogConfiguration {
        try LogConfiguration(json: #"{"version": 1, \#(sections)}"#)
    }

    private func problems(_ sections: String) -> String {
        do {
            _ = try configuration(sections)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("Redaction hides in lines what the section names")
    func redaction() throws {
        var configuration = try configuration(
            #""redaction": {"keys": ["iban"], "commonKeys": true, "patterns": ["emailAddresses"], "replacement": "***"}"#
        )
        #expect(configuration.redaction.keys == LogRedaction.commonKeys + ["iban"])
        #expect(!configuration.redaction.showsSensitiveValues)
        let memory = MemoryDestination()
        configuration.root = LoggerRule(outputs: [LogOutput(memory)])
        ContextLogger("x", engine: LogEngine(configuration)).info("to ada@example.org") {
            $0["iban"] = "DE00"
            $0["password"] = "x"
        }
        let line = try memory.onlyLine()
        #expect(line["message"] == "\"to ***\"" && line["iban"] == "\"***\"" && line["password"] == "\"***\"")
    }

    @Test("Limits, sampling and repeats are as in Swift")
    func others() throws {
        #expect(try configuration(#""limits": {"valueBytes": 10}"#).limits == LogLimits(valueBytes: 10))
        #expect(
            try configuration(#""limits": {"valueBytes": null, "lineBytes": 512}"#).limits == LogLimits(lineBytes: 512)
        )
        #expect(
            try configuration(#""sampling": {"first": 3, "thereafter": 0}"#).sampling
                == LogSampling(first: 3, thereafter: 0)
        )
        #expect(
            try configuration(
                #""sampling": {"first": 0, "thereafter": 9, "interval": 0.5, "exemptLevel": null}"#
            ).sampling == LogSampling(first: 0, thereafter: 9, interval: .milliseconds(500), exemptLevel: nil)
        )
        #expect(
            try configuration(#""sampling": {"first": 1, "thereafter": 2, "exemptLevel": "warning"}"#).sampling?
                .exemptLevel == .warning
        )
        #expect(try configuration(#""repeats": {}"#).repeats == LogRepeats())
        #expect(try configuration(#""repeats": {"interval": 60}"#).repeats == LogRepeats(interval: .seconds(60)))
        let nothing = try configuration(#""sampling": null, "repeats": null"#)
        #expect(nothing.sampling == nil && nothing.repeats == nil)
    }

    @Test(
        "Mistakes name their path",
        arguments: [
            (#""redaction": {"key": []}"#, "redaction.key: unknown key; did you mean 'keys'?"),
            (#""redaction": {"keys": "iban"}"#, "redaction.keys: expected an array, found the string 'iban'"),
            (
                #""redaction": {"patterns": ["creditcards"]}"#,
                "redaction.patterns[0]: 'creditcards' is not known; it is one of 'creditCardNumbers', 'bearerTokens', "
                    + "'emailAddresses'"
            ),
            (
                #""limits": {"lineBytes": 100}"#,
                "limits.lineBytes: expected a whole number from 512 up, found the number 100"
            ),
            (#""sampling": {"first": 1}"#, "sampling: 'thereafter' is missing"),
            (
                #""sampling": {"first": 1, "thereafter": -1}"#,
                "sampling.thereafter: expected a whole number from 0 up, found the number -1"
            ),
            (
                #""repeats": {"interval": "1s"}"#,
                "repeats.interval: expected a number of seconds, found the string '1s'"
            ),
            (#""repeats": true"#, "repeats: expected an object, found true"),
        ]
    )
    func mistakes(_ sections: String, expected: String) {
        #expect(problems(sections) == expected)
    }

    @Test("A reloaded section counts; without it what was set in Swift is in force, before and after")
    func reload() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/logging.json"
        func write(_ sections: String) throws {
            try TemporaryDirectory.write(#"{"version": 1\#(sections)}"#, to: path)
        }
        try write("")
        var configuration = try LogConfiguration(contentsOfFile: path)
        configuration.limits = LogLimits(valueBytes: 7)
        configuration.sampling = LogSampling(first: 7, thereafter: 7)
        configuration.redaction = LogRedaction(keys: ["seven"])
        let engine = LogEngine(configuration)

        try engine.reload(contentsOfFile: path)
        #expect(engine.configuration.limits.valueBytes == 7)
        #expect(engine.configuration.sampling?.first == 7)
        #expect(engine.configuration.redaction.keys == ["seven"])
        #expect(engine.configuration.repeats == nil)

        try write(#", "limits": {"valueBytes": 8}, "sampling": null, "redaction": {"keys": ["eight"]}, "repeats": {}"#)
        for _ in 0..<2 {
            try engine.reload(contentsOfFile: path)
            #expect(engine.configuration.limits.valueBytes == 8)
            #expect(engine.configuration.sampling == nil)
            #expect(engine.configuration.redaction.keys == ["eight"])
            #expect(engine.configuration.repeats == LogRepeats())
        }

        try write("")
        try engine.reload(contentsOfFile: path)
        #expect(engine.configuration.limits.valueBytes == 7)
        #expect(engine.configuration.sampling?.first == 7)
        #expect(engine.configuration.redaction.keys == ["seven"])
        #expect(engine.configuration.repeats == nil)
    }
}
