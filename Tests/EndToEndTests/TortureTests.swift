// SPDX-License-Identifier: Apache-2.0

import Testing

/// A short run of what `make torture` does at length.
@Suite(.serialized) struct TortureTests {
    @Test func nothingIsLostAndNothingComesTwice() async throws {
        let folder = try TemporaryFolder()
        let result = try await Command.run([
            SluiceCommand.folder + "/agent-torture", "run", "--directory", folder.path, "--seconds", "12",
            "--seed", "20261124",
        ])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        // Every style was there, and something was done to the agent.
        let rows = result.output.split(separator: "\n").filter { $0.contains(#/^[a-z-]+ +[0-9]+ +0 +0 /#) }
        #expect(rows.count == 15, "\(result.output)")
        #expect(result.output.contains(#/torments: .*kill [0-9]/#), "\(result.output)")
        withExtendedLifetime(folder) {}
    }

    @Test func whatIsUnknownIsSaid() async throws {
        let folder = try TemporaryFolder()
        let result = try await Command.run([
            SluiceCommand.folder + "/agent-torture", "run", "--directory", folder.path, "--only", "renaming",
        ])
        #expect(result.status == 64)
        #expect(result.output.contains("there is no style or torment 'renaming'"))
        withExtendedLifetime(folder) {}
    }

    @Test func whatIsLeftOfAnEarlierRunIsNotCheckedWithThisOne() async throws {
        let folder = try TemporaryFolder()
        try TextFile.write("left\n", folder.path + "/app.log")
        for command in ["run", "weather"] {
            let result = try await Command.run([
                SluiceCommand.folder + "/agent-torture", command, "--directory", folder.path, "--seconds", "1",
            ])
            #expect(result.status == 64)
            #expect(result.output.contains("there is something in \(folder.path) already"), "\(result.output)")
        }
    }
}
