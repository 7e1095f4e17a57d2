// SPDX-License-Identifier: Apache-2.0

import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// Answers `GET /metrics` (Prometheus text), `GET /status` (JSON) and `GET /healthz` until its task is cancelled.
package struct TelemetryServer: Sendable {
    /// How many files `/status` tells of if nobody says.
    package static let fileLimit = 20

    private let pipelines: [Pipeline]
    private let address: BindAddress
    private let logger: Logger
    /// Is told the port that was bound; nil for a socket without one.
    private let onListening: @Sendable (_ host: String?, _ port: Int?) -> Void

    /// At an address of the network.
    package init(pipelines: [Pipeline], address: ListenAddress, logger: Logger) {
        self.pipelines = pipelines
        self.address = .hostname(address.host, port: address.port)
        self.logger = logger
        onListening = { host, port in
            let address = ListenAddress(host: host ?? address.host, port: port ?? address.port)
            logger.info("telemetry is served", metadata: ["address": "\(address)"])
        }
    }

    /// At a socket in the file system, for its owner alone.
    init(pipelines: [Pipeline], socket: StatusSocket, logger: Logger) {
        self.pipelines = pipelines
        address = .unixDomainSocket(path: socket.address)
        self.logger = logger
        onListening = { _, _ in socket.protect() }
    }

    /// - Throws: if the address cannot be listened on.
    package func run() async throws {
        let router = Router()
        let pipelines = pipelines
        router.get("/metrics") { _, _ in
            var files: [[InputReport]] = []
            for pipeline in pipelines { files.append(await pipeline.inputReports().inputs) }
            return Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: MetricsText.write(pipelines, files: files)))
            )
        }
        router.get("/status") { request, _ in
            let asked = request.uri.queryParameters.get("files")
            let limit = asked == "all" ? nil : asked.flatMap { Int($0) }.map { max(0, $0) } ?? Self.fileLimit
            var reports: [PipelineReport] = []
            for pipeline in pipelines { reports.append(await pipeline.report(limit: limit)) }
            return Response(
                status: .ok,
                headers: [.contentType: "application/json; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: PipelineReport.json(reports)))
            )
        }
        // An output that fails is trying again, which is healthy; who wants to know asks /metrics.
        router.get("/healthz") { _, _ in "ok\n" }
        // What goes wrong with one connection (and a stop, to those that are open) is no matter for this log; when it
        // cannot listen, that is thrown.
        var quiet = logger
        quiet.logLevel = .critical
        let onListening = onListening
        let application = Application(
            router: router,
            configuration: .init(address: address),
            onServerRunning: { channel in
                onListening(channel.localAddress?.ipAddress, channel.localAddress?.port)
            },
            logger: quiet
        )
        try await Self.run(application, logger: quiet)
    }

    /// Runs the server until this task is cancelled, and ends it in an orderly way: cancelling a server that is just
    /// taking a connection is a fault in NIO, which ends the process.
    private static func run(_ application: some ApplicationProtocol, logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(2)
        let services = ServiceGroup(configuration: configuration)
        let serving = Task { try await services.run() }
        try await withTaskCancellationHandler {
            try await serving.value
        } onCancel: {
            Task { await services.triggerGracefulShutdown() }
        }
    }
}
