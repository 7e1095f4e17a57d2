// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics
import MetricsTestKit
import ServiceLifecycle
import SluiceLogging
import Testing

@Suite("Integrations")
struct IntegrationTests {
    /// Logs when it is shut down.
    private struct LoggingService: Service {
        let destination: any LogDestination

        func run() async throws {
            try await gracefulShutdown()
            destination.write(line: "the last line of a service\n")
        }
    }

    @Test("The service flushes after all others have ended")
    func lifecycle() async throws {
        let memory = MemoryDestination()
        let policy = BufferPolicy(interval: .seconds(1000), flushLevel: nil)
        let buffered = BufferedDestination(memory, policy: policy)
        buffered.flush()
        let group = ServiceGroup(
            services: [LogFlushService(destinations: [buffered]), LoggingService(destination: buffered)],
            logger: Logger(label: "group") { _ in SwiftLogNoOpLogHandler() }
        )
        await withTaskGroup { tasks in
            tasks.addTask { try? await group.run() }
            await group.triggerGracefulShutdown()
        }
        #expect(memory.lines == ["the last line of a service\n"])
    }

    @Test("Drops and rotations are counted in swift-metrics")
    func metrics() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/app.log"
        await #expect(processExitsWith: .success) { [path = path as String] in
            let metrics = TestMetrics()
            MetricsSystem.bootstrap(metrics)
            let file = try RotatingFile(path: path, maximumBytes: 1)
            for number in 0..<4 { file.write(line: "\(number)\n") }
            file.close()
            for number in 0..<3 { file.write(line: "\(number)\n") }
            let dimensions = [("destination", path)]
            #expect(try metrics.expectCounter("sluice_logging_rotations_total", dimensions).totalValue == 3)
            #expect(try metrics.expectCounter("sluice_logging_dropped_lines_total", dimensions).totalValue == 3)

            let gate = GateDestination()
            gate.shut()
            let policy = QueuePolicy(maximumLines: 1, overflow: .dropNewest)
            let background = BackgroundDestination(gate, policy: policy)
            background.write(line: "first\n")
            gate.waitForWriter()
            for _ in 0..<5 { background.write(line: "x\n") }
            gate.open()
            background.close()
            let queue = [("destination", "GateDestination")]
            #expect(try metrics.expectCounter("sluice_logging_dropped_lines_total", queue).totalValue == 4)
        }
    }

    @Test("What is written and what waits is told to swift-metrics")
    func writtenAndQueued() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/app.log"
        await #expect(processExitsWith: .success) { [path = path as String] in
            let metrics = TestMetrics()
            MetricsSystem.bootstrap(metrics)
            let dimensions = [("destination", path)]
            func total(_ name: String) throws -> Int64 {
                try metrics.expectCounter("sluice_logging_\(name)_total", dimensions).totalValue
            }
            let file = try RotatingFile(path: path, rotation: .never, checkInterval: .max / 4)
            for number in 0..<4 { file.write(line: "\(number)\n") }
            // Not for each line.
            #expect(throws: (any Error).self) { try total("written_lines") }
            file.flush()
            #expect(try total("written_lines") == 4)
            #expect(try total("written_bytes") == 8)
            file.write(line: "last\n")
            file.close()
            #expect(try total("written_lines") == 5)
            #expect(try total("written_bytes") == 13)
            #expect(throws: (any Error).self) { try total("write_errors") }

            let full = try RotatingFile(path: "/dev/full", rotation: .never)
            for _ in 0..<3 { full.write(line: "lost\n") }
            full.flush()
            let errors = try metrics.expectCounter(
                "sluice_logging_write_errors_total",
                [("destination", "/dev/full")]
            )
            #expect(errors.totalValue == 3)

            let gate = GateDestination()
            gate.shut()
            let background = BackgroundDestination(gate)
            background.write(line: "first\n")
            gate.waitForWriter()
            for _ in 0..<5 { background.write(line: "x\n") }
            gate.open()
            background.close()
            let queue = [("destination", "GateDestination")]
            #expect(try metrics.expectGauge("sluice_logging_queued_lines", queue).values == [1, 5, 5, 0])
            #expect(try metrics.expectGauge("sluice_logging_queued_bytes", queue).values == [6, 10, 10, 0])
        }
    }
}
