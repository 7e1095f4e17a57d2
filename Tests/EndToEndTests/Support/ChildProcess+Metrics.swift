// SPDX-License-Identifier: Apache-2.0

extension ChildProcess {
    /// The port at which an agent that was given `--listen 127.0.0.1:0` serves its metrics.
    func metricsPort() async throws -> Int {
        var port: Int?
        try await Poll.until("the agent listens", tail: { self.errors }) {
            let entry = AgentLog.entries(errors).first { $0["message"] as? String == "telemetry is served" }
            let address = entry?["address"] as? String
            port = address?.split(separator: ":").last.flatMap { Int($0) }
            return port != nil
        }
        return port ?? 0
    }
}
