// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// One of the embedded backend's interfaces, with a fault in it or in front of it.
final class ReceiverDestination: VerdictDestination {
    enum API { case loki, elasticsearch }

    /// When requests came.
    private final class Arrivals: Sendable {
        let times = Mutex<[ContinuousClock.Instant]>([])
    }

    private let api: API
    private let receiver: ReceiverProcess
    private let relay: ScriptedServer?
    private let arrivals = Arrivals()

    init(_ api: API, folder: String, _ fault: HTTPFault) async throws {
        self.api = api
        switch fault {
        case .receiver(let rules):
            receiver = try await ReceiverProcess(folder: folder, options: rules.flatMap { ["--fault", $0] })
            relay = nil
        case .relay(let script):
            receiver = try await ReceiverProcess(folder: folder)
            let port = api == .loki ? receiver.lokiPort : receiver.elasticsearchPort
            relay = try ScriptedServer { [arrivals] number, request in
                arrivals.times.withLock { $0.append(.now) }
                switch script(number, request) {
                case .instead(let answer): return answer
                case .pass:
                    let (status, body) = Self.passOn(request, to: port)
                    return .status(status, body)
                case .changed(let change):
                    let (status, body) = Self.passOn(request, to: port)
                    return change(status, body)
                }
            }
        }
    }

    private static func passOn(_ request: ScriptedServer.Request, to port: Int) -> (Int, String) {
        let answer = try? HTTPClient.send(
            port,
            "POST",
            request.path,
            headers: [("Content-Type", request.headers["content-type"] ?? "")],
            body: Array(request.body.utf8)
        )
        return answer.map { ($0.status, $0.text) } ?? (502, "the receiver does not answer")
    }

    var output: [String] {
        switch api {
        case .loki:
            ["type: loki", "url: http://127.0.0.1:\(relay?.port ?? receiver.lokiPort)", Self.labels]
        case .elasticsearch:
            [
                "type: elasticsearch", "hosts: [\"http://127.0.0.1:\(relay?.port ?? receiver.elasticsearchPort)\"]",
                "index: logs-test", "workers: 1",
            ]
        }
    }

    /// Three streams.
    private static let labels = #"labels: {job: test, part: "%{[part]}"}"#

    var firstPause: Duration? {
        arrivals.times.withLock { $0.count < 2 ? nil : $0[1] - $0[0] }
    }

    func arrived() throws -> [String] {
        switch api {
        case .loki: VerdictEvents.messages(try receiver.loki.entries(#"{job="test"}"#).map(\.line))
        case .elasticsearch:
            try receiver.elasticsearch.documents("logs-test").map { $0["message"] as? String ?? "" }
        }
    }

    func stop() {
        relay?.stop()
        receiver.kill()
    }
}
