// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceBytes
import SluiceReceiver

/// The demo itself, act by act.
struct Demo: Sendable {
    let seconds: Int
    let folder: DemoFolder
    let processes: DemoProcesses
    let screen: Screen

    /// Requests that the service gets in a second, on the average.
    private static let requestRate = 300
    /// Small enough that the file is changed every few seconds.
    private static let rotationBytes = 200_000

    /// The addresses that were found out, and what was there at the start.
    private struct Scene: Sendable {
        var loki: LokiBackend
        var elasticsearch: ElasticsearchBackend
        var metrics: BackendQuestion
        var plainLog: PlainLog?
        var plainLinesAtStart: Int
        var receiver: DemoProcess
        var service: DemoProcess
        var agent: DemoProcess
        /// Nanoseconds since 1970.
        var start: Int64
    }

    /// What the service wrote, and what the agent had counted when all of it had been delivered.
    private struct Delivery: Sendable {
        var report: ServiceReport
        var metrics: AgentMetrics
    }

    /// - Returns: whether each line arrived exactly once.
    func run() async throws -> Bool {
        let scene = try await build()
        let loki = ArrivalWatch(scene.loki, start: scene.start)
        let elasticsearch = ArrivalWatch(scene.elasticsearch, start: scene.start)
        let delivery = try await watching([loki, elasticsearch]) {
            try await act(scene, loki, elasticsearch)
        }
        scene.agent.expectEnd()
        scene.agent.send(SIGTERM)
        try await scene.agent.finish(within: .seconds(15))

        try await DemoAnswers(loki: scene.loki, elasticsearch: scene.elasticsearch, screen: screen)
            .show(hasPlainLog: scene.plainLog != nil)
        let totals = DemoTotals(
            report: delivery.report,
            metrics: delivery.metrics,
            rotationBytes: Self.rotationBytes,
            arrivals: [
                try await arrival(loki, delivery.report, scene.start),
                try await arrival(elasticsearch, delivery.report, scene.start),
            ],
            plain: try await plainArrival(scene)
        )
        totals.show(on: screen)
        DemoDirections(folder: folder, loki: scene.loki.address, elasticsearch: scene.elasticsearch.address)
            .show(on: screen)

        scene.receiver.expectEnd()
        scene.receiver.send(SIGTERM)
        try await scene.receiver.finish(within: .seconds(15))
        return totals.isPerfect
    }

    // MARK: Before

    private func build() async throws -> Scene {
        let receiver = try processes.start(
            "the backend (sluice receive)",
            ["receive", "--loki", "127.0.0.1:0", "--elasticsearch", "127.0.0.1:0", "--data", folder.data],
            logPath: folder.logs + "/receive.log"
        )
        let lokiPort = try await port(receiver, "listening for Loki", "port")
        let elasticsearchPort = try await port(receiver, "listening for Elasticsearch", "port")
        let hours = seconds / 3600 + 1
        let loki = LokiBackend(address: "http://127.0.0.1:\(lokiPort)", window: "\(hours)h")
        let elasticsearch = ElasticsearchBackend(address: "http://127.0.0.1:\(elasticsearchPort)")

        let plainLog = PlainLog(DemoPipeline.plainLog)
        let plainLines = plainLog?.lineCount() ?? 0
        try DemoPipeline(
            application: folder.application,
            plainLog: plainLog?.path,
            loki: loki.address,
            elasticsearch: elasticsearch.address
        ).write(to: folder.pipeline)
        introduce(loki, elasticsearch, plainLog)

        let start = SystemClock.now()
        let service = try processes.start(
            "the service (sluice demo-service)",
            [
                "demo-service", "--directory", folder.application, "--rate", "\(Self.requestRate)", "--maximum-bytes",
                "\(Self.rotationBytes)",
            ],
            logPath: folder.logs + "/service.log"
        )
        // The service first: an agent that is there before its files looks for new ones every second.
        try await ProcessLog.first(of: service, within: .seconds(30))
        let agent = try processes.start(
            "the agent (sluice run)",
            ["run", folder.pipeline, "--state", folder.state, "--listen", "127.0.0.1:0"],
            logPath: folder.logs + "/run.log"
        )
        let metricsPort = try await port(agent, "telemetry is served", "address")
        return Scene(
            loki: loki,
            elasticsearch: elasticsearch,
            metrics: BackendQuestion(url: "http://127.0.0.1:\(metricsPort)/metrics"),
            plainLog: plainLog,
            plainLinesAtStart: plainLines,
            receiver: receiver,
            service: service,
            agent: agent,
            start: start
        )
    }

    /// The port at the end of what a process says under `key`.
    private func port(_ process: DemoProcess, _ message: String, _ key: String) async throws -> Int {
        let record = try await ProcessLog.record(saying: message, of: process, within: .seconds(30))
        guard let text = record[key]?.text, let port = text.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw DemoFailure("\(process.title) does not say its port")
        }
        return port
    }

    private func introduce(_ loki: LokiBackend, _ elasticsearch: ElasticsearchBackend, _ plainLog: PlainLog?) {
        screen.heading(
            "For \(seconds) s a service logs, the agent ships its lines, and Loki and Elasticsearch take them."
        )
        screen.print()
        screen.print("  service   logs through SluiceLogging to \(folder.application)/app.log")
        let more = plainLog.map { ", and \($0.path)" } ?? ""
        screen.print("  agent     sluice run: follows that file through its rotations\(more)")
        screen.print("  backend   sluice receive: stands in for Loki at \(loki.address)")
        screen.print("            and for Elasticsearch at \(elasticsearch.address)")
        screen.print("  pipeline  \(folder.pipeline)")
        screen.print("            (a real one: 'sluice check' and 'sluice run' take it as it is)")
        screen.print()
        screen.print("Lines written and arrived, and the delay from write to arrival (of the last 5 s):")
        screen.print()
    }

    // MARK: While it runs

    /// Runs `body` while the watches look.
    private func watching(
        _ watches: [ArrivalWatch],
        _ body: @escaping @Sendable () async throws -> Delivery
    ) async throws -> Delivery {
        try await withThrowingTaskGroup(of: Delivery?.self) { group in
            for watch in watches {
                group.addTask {
                    try await watch.run()
                    return nil
                }
            }
            group.addTask { try await body() }
            var delivery: Delivery?
            while delivery == nil, let next = try await group.next() { delivery = next }
            group.cancelAll()
            while await group.nextResult() != nil {}
            guard let delivery else { throw CancellationError() }
            return delivery
        }
    }

    /// Lets the service log, shows what arrives, and waits until all has been delivered.
    private func act(_ scene: Scene, _ loki: ArrivalWatch, _ elasticsearch: ArrivalWatch) async throws -> Delivery {
        let service = scene.service
        let table = LiveTable(width: screen.width)
        for line in table.header { screen.print(line) }
        func show(_ time: String) {
            // What arrived is read first: it is never more than what had been written.
            let readings = (loki.reading, elasticsearch.reading)
            let written = ServiceReport(last: service)?.numbered ?? 0
            screen.change(table.row(time: time, written: written, loki: readings.0, elasticsearch: readings.1))
        }
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        // On a terminal one line changes; elsewhere there is a line a second.
        let step: Duration = screen.isInteractive ? .milliseconds(200) : .seconds(1)
        var next = start + step
        while next <= end {
            try await Task.sleep(until: next, clock: .continuous)
            if screen.isGone { throw Screen.Gone() }
            show("\((next - start).components.seconds) s")
            next += step
        }
        service.expectEnd()
        service.send(SIGTERM)
        try await service.finish(within: .seconds(15))
        guard let report = ServiceReport(last: service), report.isFinal else {
            throw DemoFailure("\(service.title) ended without its count")
        }
        let stopped = ContinuousClock.now
        let metrics = try await drain(scene, report)
        let took = ContinuousClock.now - stopped
        // What the watches have seen follows by a moment.
        let limit = ContinuousClock.now + .seconds(2)
        while min(loki.reading.count, elasticsearch.reading.count) < report.numbered, ContinuousClock.now < limit {
            try await Task.sleep(for: .milliseconds(20))
        }
        show("end")
        screen.print()
        screen.print(
            "The service was stopped; \(Figures.time(Int64(took / .nanoseconds(1)))) later the agent had delivered the rest."
        )
        return Delivery(report: report, metrics: metrics)
    }

    /// Waits until the agent has read everything and every output has said yes to it, or for 20 seconds.
    ///
    /// (What it has not read when it is told to end it leaves for its next start.)
    private func drain(_ scene: Scene, _ report: ServiceReport) async throws -> AgentMetrics {
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            let metrics = AgentMetrics(try await BackendClient.text(scene.metrics))
            let wanted = metrics.toDeliver
            if metrics.sum("sluice_input_events_total", "input=\"service\"") >= report.numbered + report.debug,
                metrics.settled("loki") >= wanted, metrics.settled("search") >= wanted
            {
                return metrics
            }
            // The totals will say what is missing.
            guard ContinuousClock.now < deadline else { return metrics }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    // MARK: Afterwards

    private func arrival(
        _ watch: ArrivalWatch,
        _ report: ServiceReport,
        _ start: Int64
    ) async throws -> DemoTotals.Arrival {
        DemoTotals.Arrival(
            name: watch.backend.name,
            audit: try await SequenceAudit(watch.backend, written: report.numbered, start: start),
            delays: watch.delays
        )
    }

    private func plainArrival(_ scene: Scene) async throws -> DemoTotals.Plain? {
        guard let plainLog = scene.plainLog else { return nil }
        return DemoTotals.Plain(
            path: plainLog.path,
            linesAtStart: scene.plainLinesAtStart,
            loki: try await scene.loki.plainCount(),
            elasticsearch: try await scene.elasticsearch.plainCount(),
            linesAtEnd: plainLog.lineCount()
        )
    }
}
