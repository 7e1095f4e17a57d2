// SPDX-License-Identifier: Apache-2.0

#if Metrics
import Metrics
#endif

/// What a destination tells swift-metrics, if the trait `Metrics` is on; nothing otherwise.
///
/// - `sluice_logging_dropped_lines_total`: lines that were taken and will not be written.
/// - `sluice_logging_rotations_total`: files that were changed for new ones.
///
/// Each has the dimension `destination`, a path or a name. They are made when there is first something to tell, so that
/// the service has time to set up its metrics.
final class DestinationMetrics: Sendable {
    let name: String

    init(name: String) { self.name = name }

    #if Metrics
    private struct Instruments: Sendable {
        var dropped: Counter?
        var rotations: Counter?
    }

    private let instruments = GuardedState(Instruments())
    private var dimensions: [(String, String)] { [("destination", name)] }

    func dropped(_ count: Int) {
        let counter = instruments.withLock { instruments in
            let counter =
                instruments.dropped ?? Counter(label: "sluice_logging_dropped_lines_total", dimensions: dimensions)
            instruments.dropped = counter
            return counter
        }
        counter.increment(by: count)
    }

    func rotated(_ count: Int) {
        let counter = instruments.withLock { instruments in
            let counter =
                instruments.rotations ?? Counter(label: "sluice_logging_rotations_total", dimensions: dimensions)
            instruments.rotations = counter
            return counter
        }
        counter.increment(by: count)
    }
    func resetAfterFork() { instruments.unlockAfterFork { _ in } }
    #else
    func resetAfterFork() {}
    func dropped(_ count: Int) {}
    func rotated(_ count: Int) {}
    #endif
}
