// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// A short run of what `make weather` does at length: how soon outputs flow again is printed there, and not tested here.
@Suite(.serialized) struct WeatherTests {
    @Test func nothingIsLostAndNothingComesTwice() async throws {
        let folder = try TemporaryFolder()
        let result = try await Command.run([
            SluiceCommand.folder + "/agent-torture", "weather", "--directory", folder.path, "--seconds", "15",
            "--seed", "20261127", "--rate", "1000",
        ])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        for output in ["loki", "elasticsearch", "logstash"] {
            #expect(result.output.contains("at \(output): lost 0, twice 0"), "\(result.output)")
        }
        // There was weather everywhere, and the agent was restarted at least.
        for place in ["Loki", "Elasticsearch", "one host of three", "Logstash"] {
            #expect(result.output.contains(", \(place) "), "\(result.output)")
        }
        #expect(result.output.contains(#/agent: [2-9] lives, /#), "\(result.output)")
        withExtendedLifetime(folder) {}
    }

    /// A pipeline that drops some lines where nobody knows of it.
    @Test func lossIsFound() async throws {
        let folder = try TemporaryFolder()
        let programs = try TemporaryFolder()
        let agent = programs.path + "/agent"
        try TextFile.write(
            """
            #!/bin/sh
            grep -q drop_event "$2" || echo 'processors: [drop_event: {when: {contains: {message: n0000042}}}]' >> "$2"
            exec "\(SluiceCommand.path)" "$@"

            """,
            agent
        )
        let changed = unsafe chmod(agent, 0o755)
        #expect(changed == 0)
        let result = try await Command.run([
            SluiceCommand.folder + "/agent-torture", "weather", "--directory", folder.path, "--seconds", "2",
            "--rate", "400", "--only", "503", "--sluice", agent,
        ])
        #expect(result.status == 1, "\(result.output)\(result.errors)")
        for output in ["loki", "elasticsearch", "logstash"] {
            #expect(result.output.contains("at \(output): lost 4, twice 0"), "\(result.output)")
        }
        withExtendedLifetime((folder, programs)) {}
    }

    @Test func weatherThatIsUnknownIsSaid() async throws {
        let folder = try TemporaryFolder()
        let result = try await Command.run([
            SluiceCommand.folder + "/agent-torture", "weather", "--directory", folder.path, "--except", "snow",
        ])
        #expect(result.status == 64)
        #expect(result.output.contains("there is no weather 'snow'"))
        withExtendedLifetime(folder) {}
    }
}
