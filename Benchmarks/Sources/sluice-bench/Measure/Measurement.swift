// SPDX-License-Identifier: Apache-2.0

/// How fast one piece of work is, and what it allocates.
struct Measurement {
    var name: String
    var bytes: Int
    var events: Int
    /// Of each round, on one thread.
    var cpuSeconds: [Double]
    /// Nil where no counter is preloaded.
    var allocationsPerEvent: Double?

    /// Runs `work` once to warm up, and then `rounds` times.
    ///
    /// - Parameters:
    ///   - bytes: text that one round of work goes through; 0 if that says nothing.
    ///   - events: lines that one round of work goes through.
    init(_ name: String, bytes: Int, events: Int, rounds: Int, work: () -> Void) {
        self.name = name
        self.bytes = bytes
        self.events = events
        work()
        cpuSeconds = []
        cpuSeconds.reserveCapacity(rounds)
        let before = AllocationCounter.total()
        for _ in 0..<rounds {
            let start = ProcessClock.threadCPU()
            work()
            cpuSeconds.append(ProcessClock.threadCPU() - start)
        }
        if let before, let after = AllocationCounter.total() {
            allocationsPerEvent = Double(after - before) / Double(rounds * max(events, 1))
        }
    }

    private var median: Double {
        let sorted = cpuSeconds.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    /// The measurement as JSON on one line.
    var json: String {
        let nanoseconds = median * 1e9 / Double(max(events, 1))
        let speed = bytes > 0 && median > 0 ? "\(Double(bytes) / median / 1e6)" : "null"
        let allocations = allocationsPerEvent.map { "\($0)" } ?? "null"
        return "{\"name\":\"\(name)\",\"megabytes_per_second\":\(speed),\"nanoseconds_per_event\":\(nanoseconds),"
            + "\"allocations_per_event\":\(allocations),\"cpu_seconds\":\(cpuSeconds)}"
    }
}
