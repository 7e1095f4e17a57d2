// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// What keeps Sluice from starting is said in a line that says what to do, with the exit code of its kind.
@Suite(.serialized) struct StartFailureTests {
    /// Runs to the end, with a deadline, and expects the exit code and words in the standard error.
    private func expect(
        _ status: Int32,
        _ words: [String],
        _ arguments: [String],
        _ folder: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let process = try ChildProcess([SluiceCommand.path] + arguments, folder: folder, name: "failing-\(UUID())")
        let found = try await process.exitStatus(within: .seconds(30))
        #expect(found == status, "\(process.errors)", sourceLocation: sourceLocation)
        for word in words {
            #expect(process.errors.contains(word), "'\(word)' in: \(process.errors)", sourceLocation: sourceLocation)
        }
    }

    private let pipeline = """
        name: test
        inputs:
          - type: file
            paths: [/nonexistent/*.log]
            parse: none
        outputs:
          - type: loki
            url: http://127.0.0.1:9
            labels: {job: test}

        """

    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try TextFile.write(pipeline, folder.path + "/pipeline.yml")
        return folder
    }

    @Test func aFileInPlaceOfTheStateDirectory() async throws {
        let folder = try folder()
        try TextFile.write("a file", folder.path + "/state")
        let run = ["run", folder.path + "/pipeline.yml", "--once", "--state"]
        try await expect(74, [folder.path + "/state"], run + [folder.path + "/state"], folder.path)
        try await expect(74, [folder.path + "/state/below"], run + [folder.path + "/state/below"], folder.path)
    }

    @Test func aSecondAgentOnTheSameState() async throws {
        let road = try await Road()
        try road.pipeline(["*.log"])
        try TextFile.write("one\n", road.path("app.log"))
        let first = try road.agent()
        try await road.waitForEvents(1, first)
        let run = ["run", road.path("pipeline.yml"), "--state", road.path("state")]
        try await expect(74, [road.path("state"), "--state"], run, road.folder)
        #expect(first.isRunning)
        #expect(try await road.terminate(first) == 0)
        try await road.runOnce()
    }

    @Test func aPortInUse() async throws {
        let folder = try folder()
        let taken = try Socket.listening()
        defer { taken.close() }
        let address = "127.0.0.1:\(taken.port)"
        try await expect(
            74,
            [address, "the port is in use", "--listen"],
            ["run", folder.path + "/pipeline.yml", "--state", folder.path + "/state", "--listen", address],
            folder.path
        )
        let data = ["--data", folder.path + "/data"]
        let free = "127.0.0.1:0"
        try await expect(
            74,
            [address, "another port"],
            ["receive", "--loki", address, "--elasticsearch", free] + data,
            folder.path
        )
        try await expect(
            74,
            [address, "another port"],
            ["receive", "--loki", free, "--elasticsearch", address] + data,
            folder.path
        )
    }

    @Test func anAddressOfAnotherMachine() async throws {
        let folder = try folder()
        // Of documentation (RFC 5737), and so nobody's.
        let address = "192.0.2.7:3100"
        let answer = "cannot listen on \(address): Cannot assign requested address; choose"
        let run = ["run", folder.path + "/pipeline.yml", "--state", folder.path + "/state", "--listen", address]
        try await expect(74, [answer], run, folder.path)
        let receive = ["receive", "--loki", address, "--elasticsearch", "off", "--data", folder.path + "/data"]
        try await expect(74, [answer], receive, folder.path)
    }

    @Test func addressesThatAreNone() async throws {
        let folder = try folder()
        for address in ["nonsense", "127.0.0.1:99999", ":", "127.0.0.1"] {
            let state = ["--state", folder.path + "/state", "--listen", address]
            try await expect(64, [address], ["run", folder.path + "/pipeline.yml"] + state, folder.path)
            try await expect(64, [address], ["receive", "--loki", address, "--data", folder.path + "/d"], folder.path)
        }
    }

    @Test func aSecondReceiverOnTheSameData() async throws {
        let road = try await Road()
        try await expect(
            74,
            [road.path("receiver"), "--data"],
            ["receive", "--loki", "127.0.0.1:0", "--elasticsearch", "127.0.0.1:0", "--data", road.path("receiver")],
            road.folder
        )
    }

    @Test func aFileInPlaceOfTheDataDirectory() async throws {
        let folder = try folder()
        try TextFile.write("a file", folder.path + "/data")
        let ports = ["--loki", "127.0.0.1:0", "--elasticsearch", "127.0.0.1:0"]
        try await expect(
            74,
            [folder.path + "/data"],
            ["receive", "--data", folder.path + "/data"] + ports,
            folder.path
        )
    }

    @Test func commandLinesThatAreWrong() async throws {
        let folder = try folder()
        try await expect(64, ["--bogus"], ["run", folder.path + "/pipeline.yml", "--bogus"], folder.path)
        try await expect(64, ["--bogus"], ["receive", "--bogus"], folder.path)
        try await expect(64, ["--bogus"], ["check", folder.path + "/pipeline.yml", "--bogus"], folder.path)
        for option in ["--retention-hours", "--retention-megabytes"] {
            try await expect(64, [option], ["receive", "\(option)=-1"], folder.path)
            try await expect(64, [option], ["receive", option, "9999999999999"], folder.path)
        }
        try await expect(64, ["frobnicate"], ["frobnicate"], folder.path)
        try await expect(64, ["configurations"], ["run"], folder.path)
        try await expect(64, ["many"], ["run", folder.path + "/pipeline.yml", "--timeout", "many"], folder.path)
        try await expect(64, ["loud"], ["run", folder.path + "/pipeline.yml", "--log-level", "loud"], folder.path)
    }

    @Test func helpAndVersionAreNoErrors() async throws {
        for arguments in [["--help"], ["help", "run"], ["run", "--help"], ["receive", "--help"], ["--version"]] {
            let result = try await Command.run([SluiceCommand.path] + arguments)
            #expect(result.status == 0)
            #expect(!result.output.isEmpty && result.errors.isEmpty)
        }
    }
}
