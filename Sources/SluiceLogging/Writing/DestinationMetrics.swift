// SPDX-License-Identifier: Apache-2.0

#if Metrics
import Metrics
#endif

/// What a destination tells swift-metrics, if the trait `Metrics` is on; nothing otherwise.
///
/// - `sluice_logging_dropped_lines_total`: lines that were taken and will not be written.
/// - `sluice_logging_rotations_total`: files that were changed for new ones.
/// - `sluice_logging_written_lines_total`, `sluice_logging_written_bytes_total`: what files took; told every tenth of a
///   second while lines are written, and by a flush.
/// - `sluice_logging_write_errors_total`: writes to files that failed.
/// - `sluice_logging_queued_lines`, `sluice_logging_queued_bytes`: what waited in the background when the thread last took
///   or had written what waited.
///
/// Each has the dimension `destination`, a path or a name. They are made when there is first something to tell, so that
/// the service has time to set up its metrics.
final class DestinationMetrics: Sendable {
    let name: String

    init(name: String) { self.name = name }

    #if Metrics
    static let isOn = true

    private struct Instruments: Sendable {
        var counters: [String: Counter] = [:]
        var gauges: [String: Gauge] = [:]
    }

    private let instruments = GuardedState(Instruments())
    private var dimensions: [(String, String)] { [("destination", name)] }

    private func increment(_ label: String, by count: Int) {
        guard count > 0 else { return }
        let counter = instruments.withLock { instruments in
            let counter = instruments.counters[label] ?? Counter(label: label, dimensions: dimensions)
            instruments.counters[label] = counter
            return counter
        }
        counter.increment(by: count)
    }

    private func record(_ label: String, _ value: Int) {
        let gauge = instruments.withLock { instruments in
            let gauge = instruments.gauges[label] ?? Gauge(label: label, dimensions: dimensions)
            instruments.gauges[label] = gauge
            return gauge
        }
        gauge.record(value)
    }

    func dropped(_ count: Int) { increment("sluice_logging_dropped_lines_total", by: count) }

    func rotated(_ count: Int) { increment("sluice_logging_rotations_total", by: count) }

    func wrote(lines: Int, bytes: Int, errors: Int) {
        increment("sluice_logging_written_lines_total", by: lines)
        increment("sluice_logging_written_bytes_total", by: bytes)
        increment("sluice_logging_write_errors_total", by: errors)
    }

    func queued(lines: Int, bytes: Int) {
        record("sluice_logging_queued_lines", lines)
        record("sluice_logging_queued_bytes", bytes)
    }

    /// So that none of ours is inside of swift-metrics, whose locks nobody lets go of in the child, while a first counter
    /// is made. Before the destination's own lock: what makes counters may log.
    func lockBeforeFork() { instruments.lock() }

    func unlockAfterForkInParent() { instruments.unlock() }

    func unlockAfterForkInChild() { instruments.unlockAfterFork { _ in } }
    #else
    static let isOn = false

    func lockBeforeFork() {}
    func unlockAfterForkInParent() {}
    func unlockAfterForkInChild() {}
    func dropped(_ count: Int) {}
    func rotated(_ count: Int) {}
    func wrote(lines: Int, bytes: Int, errors: Int) {}
    func queued(lines: Int, bytes: Int) {}
    #endif
}
