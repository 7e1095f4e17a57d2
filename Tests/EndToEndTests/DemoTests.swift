// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `sluice demo`, its output not on a terminal.
@Suite(.serialized) struct DemoTests {
    @Test func everyLineArrivesOnceAndNothingIsLeft() async throws {
        let result = try await SluiceCommand.run("demo", "--seconds", "3")
        #expect(result.errors == "")
        #expect(result.status == 0)
        let output = result.output
        #expect(!output.contains("\u{1B}") && !output.contains("\r"))

        let loki = try #require(DemoOutput.total("Loki", in: output))
        let elasticsearch = try #require(DemoOutput.total("Elasticsearch", in: output))
        for total in [loki, elasticsearch] {
            #expect(total["written"].map { $0 > 100 } == true)
            #expect(total["arrived"] == total["written"])
            #expect(total["missing"] == 0)
            #expect(total["twice"] == 0)
        }
        #expect(loki["written"] == elasticsearch["written"])
        // A row a second, and one at the end.
        #expect(output.split(separator: "\n").count { $0.hasPrefix("    1 s ") || $0.hasPrefix("    2 s ") } == 2)
        #expect(output.contains("\n    end "))
        // The answers to the questions.
        #expect(output.contains("\n    INFO "))
        #expect(output.contains("prediction failed: the feature '"))
        #expect(output.contains(" ms  request "))

        let folder = try #require(DemoOutput.folder(in: output))
        #expect(!FileManager.default.fileExists(atPath: folder))
        #expect(DemoOutput.processes(mentioning: folder) == [:])
    }

    @Test func aTokenForAnotherReceiverDoesNotMatter() async throws {
        let folder = try TemporaryFolder()
        let demo = try ChildProcess(
            [SluiceCommand.path, "demo", "--seconds", "1"],
            folder: folder.path,
            name: "demo",
            environment: ["SLUICE_RECEIVE_TOKEN": "hunter2"]
        )
        #expect(try await demo.exitStatus() == 0, "\(demo.errors)")
        let output = try TextFile.read(demo.outputPath)
        #expect(DemoOutput.total("Loki", in: output)?["missing"] == 0)
        #expect(!output.contains("hunter2"))
    }

    @Test func aKilledAgentIsSaidAndNothingIsLeft() async throws {
        let demo = try RunningDemo("--seconds", "60")
        let agent = try await demo.process("run")
        _ = kill(agent, SIGKILL)
        #expect(try await demo.process.exitStatus() == 70)
        #expect(demo.process.errors.contains("the agent (sluice run) was ended by signal 9"))
        try demo.expectNothingRuns()
        let folder = try #require(demo.folder)
        #expect(demo.process.errors.contains(folder))
        #expect(FileManager.default.fileExists(atPath: folder + "/logs/run.log"))
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func aSignalEndsAllOfIt() async throws {
        let demo = try RunningDemo("--seconds", "60")
        _ = try await demo.process("run")
        demo.process.send(SIGINT)
        #expect(try await demo.process.exitStatus() == 130)
        try demo.expectNothingRuns()
        #expect(!FileManager.default.fileExists(atPath: try #require(demo.folder)))
    }

    @Test func itsProcessesEndWithItHoweverItEnds() async throws {
        let demo = try RunningDemo("--seconds", "60")
        _ = try await demo.process("run")
        let folder = try #require(demo.folder)
        demo.process.kill()
        try await Poll.until("nothing of the demo runs") { DemoOutput.processes(mentioning: folder).isEmpty }
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Somebody else writes to the backend: the count must not match.
    @Test func whatDoesNotMatchIsSaid() async throws {
        let demo = try RunningDemo("--seconds", "6")
        let ports = try await demo.ports()
        // Rounded to seconds it must not be before the demo's start.
        let now = Date(timeIntervalSinceNow: 1).ISO8601Format()
        let answer = try HTTPClient.post(
            ports.elasticsearch,
            "/logs-mlops-api-extra/_bulk",
            json: """
                {"create":{}}
                {"@timestamp":"\(now)","service":"mlops-api","sequence":3}
                {"create":{}}
                {"@timestamp":"\(now)","service":"mlops-api"}

                """
        )
        #expect(answer.status == 200)
        #expect(try await demo.process.exitStatus() == 70)
        let output = try demo.output
        let total = try #require(DemoOutput.total("Elasticsearch", in: output))
        #expect(total["twice"] == 1)
        #expect(total["missing"] == 0)
        #expect(output.contains("and 1 that were not to arrive"))
        #expect(DemoOutput.total("Loki", in: output)?["twice"] == 0)
        #expect(demo.process.errors.contains("what arrived is not what was written"))
        try demo.expectNothingRuns()
        try FileManager.default.removeItem(atPath: try #require(demo.folder))
    }

    @Test func aKeptFolderHasAPipelineThatIsFine() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let files = folder.path + "/files of a demo"
        let result = try await SluiceCommand.run("demo", "--seconds", "1", "--keep", files)
        #expect(result.errors == "")
        #expect(result.status == 0)
        #expect(result.output.contains("--data '\(files)/data'"))
        let check = try await SluiceCommand.run("check", files + "/pipeline.yml")
        #expect(check.status == 0)
        #expect(check.output.hasPrefix("demo: fine"))
        // It does not mix with what is there.
        let again = try await SluiceCommand.run("demo", "--seconds", "1", "--keep", files)
        #expect(again.status == 74)
        #expect(again.errors.contains("is there already"))
    }
}
