// SPDX-License-Identifier: Apache-2.0

import Hummingbird
package import Logging
import NIOCore

/// Answers `GET /metrics` (Prometheus text) and `GET /healthz` until its task is cancelled.
package struct TelemetryServer: Sendable {
    private let pipelines: [Pipeline]
    private let address: ListenAddress
    private let logger: Logger

    package init(pipelines: [Pipeline], address: ListenAddress, logger: Logger) {
        self.pipelines = pipelines
        self.address = address
        self.logger = logger
    }

    /// - Throws: if the address cannot be listened on.
    package func run() async throws {
        let router = Router()
        let pipelines = pipelines
        router.get("/metrics") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: MetricsText.write(pipelines)))
            )
        }
        // An output that fails is trying again, which is healthy; who wants to know asks /metrics.
        router.get("/healthz") { _, _ in "ok\n" }
        // What goes wrong with one connection (and a stop, to those that are open) is no matter for this log; when it
        // cannot listen, that is thrown.
        var quiet = logger
        quiet.logLevel = .critical
        let logger = logger
        let application = Application(
            router: router,
            configuration: .init(address: .hostname(address.host, port: address.port)),
            onServerRunning: { channel in
                let bound = channel.localAddress
                let address = ListenAddress(host: bound?.ipAddress ?? address.host, port: bound?.port ?? address.port)
                logger.info("telemetry is served", metadata: ["address": "\(address)"])
            },
            logger: quiet
        )
        try await application.run()
    }
}
