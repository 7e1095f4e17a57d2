// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Keeps the lines it is given, and makes whoever writes wait while its gate is shut.
final class GateDestination: LogDestination {
    private let memory = MemoryDestination()
    private let isShut = Atomic<Bool>(false)
    private let waiting = Atomic<Int>(0)

    var lines: [String] { memory.lines }
    var levels: [Logger.Level] { memory.levels }

    func shut() { isShut.store(true, ordering: .sequentiallyConsistent) }
    func open() { isShut.store(false, ordering: .sequentiallyConsistent) }

    /// Waits until somebody waits before the gate.
    func waitForWriter() { while waiting.load(ordering: .sequentiallyConsistent) == 0 { usleep(500) } }

    func write(_ line: RawSpan, level: Logger.Level) {
        waiting.add(1, ordering: .sequentiallyConsistent)
        while isShut.load(ordering: .sequentiallyConsistent) { usleep(500) }
        waiting.subtract(1, ordering: .sequentiallyConsistent)
        memory.write(line, level: level)
    }

    func flush() {}
    func close() {}
}
