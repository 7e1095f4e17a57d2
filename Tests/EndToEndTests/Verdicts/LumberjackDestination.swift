// SPDX-License-Identifier: Apache-2.0

/// A Logstash.
final class LumberjackDestination: VerdictDestination {
    typealias Script = @Sendable (LumberjackServer.Window) -> [LumberjackServer.Step]

    private let server: LumberjackServer

    init(_ script: @escaping Script) throws { server = try LumberjackServer(script: script) }

    var output: [String] { ["type: logstash", "hosts: [\"127.0.0.1:\(server.port)\"]"] }

    func arrived() throws -> [String] {
        guard server.violations.isEmpty else { throw Command.Failure(description: "\(server.violations)") }
        return server.messages
    }

    func stop() { server.stop() }
}
