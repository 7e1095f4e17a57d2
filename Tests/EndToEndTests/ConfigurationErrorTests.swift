// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// A wrong configuration starts nothing: exit code 78, and a line for each problem with its place.
@Suite struct ConfigurationErrorTests {
    private func check(_ text: String, command: String = "check") async throws -> Command.Result {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try TextFile.write(text, folder.path + "/pipeline.yml")
        let options = command == "run" ? "--once --state '\(folder.path)/state'" : ""
        let line = "cd '\(folder.path)' && exec '\(SluiceCommand.path)' \(command) pipeline.yml \(options)"
        let result = try await Command.run(["/bin/sh", "-c", line])
        if command == "run" {
            #expect(unsafe access(folder.path + "/state/p/state.db", F_OK) != 0, "nothing was started")
        }
        return result
    }

    private static let good = """
        name: p
        inputs:
          - type: file
            paths: [/nonexistent/*.log]
            parse: json
        processors:
          - add_fields: {target: "", fields: {service: x}}
        outputs:
          - type: loki
            url: http://127.0.0.1:9
            labels: {service: "%{[service]}"}

        """

    @Test func aGoodOneIsTaken() async throws {
        let result = try await check(Self.good)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors == "")
    }

    /// What the README shows.
    @Test func theMistakesOfTheReadme() async throws {
        let text = """
            name: mlops
            inputs:
              - type: file
                paths: [/var/log/mlops/*.log]
                parse: json
            processors:
              - add_feilds: {target: "", fields: {service: mlops-api}}
            outputs:
              - type: elasticsearch
                name: search
                hosts: ["http://127.0.0.1:9200"]
                index: logs
                compression_level: 1
                flush: {timeout: 1s}
                backoff: {init: 1s, max: 60s}
                bulk_max_size: many

            """
        for command in ["check", "run"] {
            let result = try await check(text, command: command)
            #expect(result.status == 78)
            #expect(
                result.output + result.errors
                    == """
                    pipeline.yml:7:5: unknown processor 'add_feilds' in processors[0]: did you mean 'add_fields'?
                    pipeline.yml:16:20: expected a whole number from 1 to 1000000 for outputs[0].bulk_max_size, found the string 'many'

                    """
            )
        }
    }

    /// A text in the good pipeline, what stands in its place, and where and what the answer is.
    @Test(
        arguments: [
            ("type: file", "type: flie", "pipeline.yml:3:", "file"),
            ("type: loki", "type: lokki", "pipeline.yml:9:", "loki"),
            ("parse: json", "parse: jason", "pipeline.yml:5:12:", "json"),
            ("paths: [/nonexistent/*.log]", "path: [/nonexistent/*.log]", "pipeline.yml:4:5:", "paths"),
            ("paths: [/nonexistent/*.log]", "paths: []", "pipeline.yml:4:", "paths"),
            ("inputs:", "input:", "pipeline.yml:2:1:", "inputs"),
            ("url: http://127.0.0.1:9", "url: not an address", "pipeline.yml:10:10:", "address"),
            ("url: http://127.0.0.1:9", "url: ftp://127.0.0.1", "pipeline.yml:10:10:", "http"),
            ("labels: {", "lables: {", "pipeline.yml:11:5:", "labels"),
            ("%{[service]}", "%{[service", "pipeline.yml:11:", "%{"),
            ("add_fields: {target: \"\"", "add_fields: {traget: \"\"", "pipeline.yml:7:", "target"),
            ("name: p\n", "name: p\nname: q\n", "pipeline.yml:2:", "name"),
            ("outputs:\n", "outputs: [\n", "pipeline.yml:", ""),
            (
                "service: x", #"service: "${SLUICE_TEST_MISSING:?put it somewhere}""#, "pipeline.yml:7:",
                "put it somewhere"
            ),
            ("service: x", #"service: "${SLUICE_TEST_MISSING}""#, "pipeline.yml:7:", "SLUICE_TEST_MISSING"),
        ]
    )
    func eachMistakeHasItsPlace(_ found: String, _ wrong: String, _ place: String, _ word: String) async throws {
        try #require(Self.good.contains(found))
        let result = try await check(Self.good.replacing(found, with: wrong))
        let said = result.output + result.errors
        #expect(result.status == 78)
        #expect(said.split(separator: "\n").contains { $0.hasPrefix(place) && $0.contains(word) }, "\(said)")
    }

    /// Which keys an input or output knows, its type says.
    @Test(arguments: [("type: file", "type: fiel"), ("type: loki", "type: lokki"), ("  - type: loki\n    ", "  - ")])
    func aTypeThatIsWrongIsOneProblem(_ found: String, _ wrong: String) async throws {
        let result = try await check(Self.good.replacing(found, with: wrong))
        #expect(result.status == 78)
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }

    @Test func twoOutputsOfOneName() async throws {
        let loki = "  - type: loki\n    url: http://127.0.0.1:9\n    labels: {a: b}\n"
        let result = try await check(Self.good + loki)
        #expect(result.status == 78)
        #expect((result.output + result.errors).contains("name"))
    }

    @Test func nothingAtAll() async throws {
        for text in ["", "# only a comment\n", "just text\n", "- a\n- list\n", "name: p\n", "\u{0}\u{1}\n", "a: *b\n"] {
            let result = try await check(text)
            #expect(result.status == 78, "\(text.debugDescription): \(result.errors)")
            #expect((result.output + result.errors).hasPrefix("pipeline.yml:"), "\(result.output + result.errors)")
        }
    }

    @Test func aFileThatIsNotThere() async throws {
        for command in ["check", "run"] {
            let result = try await SluiceCommand.run(command, "/nonexistent/pipeline.yml")
            #expect([74, 78].contains(result.status))
            #expect(result.errors.contains("/nonexistent/pipeline.yml") || result.output.contains("/nonexistent"))
        }
    }

    @Test func everyFileIsChecked() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try TextFile.write(Self.good.replacing("parse: json", with: "parse: jason"), folder.path + "/a.yml")
        try TextFile.write(Self.good.replacing("url:", with: "ulr:"), folder.path + "/b.yml")
        let result = try await SluiceCommand.run("check", folder.path + "/a.yml", folder.path + "/b.yml")
        let said = result.output + result.errors
        #expect(result.status == 78)
        #expect(said.contains("/a.yml:5:12:") && said.contains("/b.yml:10:5:"), "\(said)")
    }

    @Test func secretsAreNotShown() async throws {
        let text = Self.good.replacing(
            "url: http://127.0.0.1:9",
            with: "url: http://me:hunter2@127.0.0.1:9\n    passwrd: hunter2"
        )
        let result = try await check(text)
        #expect(result.status == 78)
        #expect(!(result.output + result.errors).contains("hunter2"), "\(result.output + result.errors)")
    }
}
