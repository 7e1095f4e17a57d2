// SPDX-License-Identifier: Apache-2.0

/// A server that takes lines of JSON by `POST`, and knows no ids.
final class PlainDestination: VerdictDestination {
    private let server: ScriptedServer

    init(_ fault: HTTPFault) throws {
        guard case .relay(let script) = fault else {
            throw Command.Failure(description: "the receiver has no interface for plain lines")
        }
        server = try ScriptedServer { number, request in
            switch script(number, request) {
            case .pass, .changed: .good
            case .instead(let answer): answer
            }
        }
    }

    var output: [String] { ["type: http", "url: http://127.0.0.1:\(server.port)/push"] }

    func arrived() throws -> [String] {
        VerdictEvents.messages(server.taken.flatMap { $0.body.split(separator: "\n") })
    }

    func stop() { server.stop() }
}
