// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What each thread of each run has done, in a file that processes share in memory, so that it outlives `kill -9`.
@safe
final class Ledger: @unchecked Sendable {  // each number has one writer
    static let maximumRuns = 64
    static let maximumThreads = 16
    private static let perThread = 2
    private static let perRun = maximumThreads * perThread + 2

    private let numbers: UnsafeMutablePointer<Int>

    init(path: String) throws {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT, 0o600)
        let size = Self.maximumRuns * Self.perRun * MemoryLayout<Int>.size
        guard descriptor >= 0, ftruncate(descriptor, off_t(size)) == 0,
            let memory = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            unsafe memory != MAP_FAILED
        else { throw Options.Failure(description: "cannot map \(path)") }
        _ = close(descriptor)
        unsafe numbers = memory.bindMemory(to: Int.self, capacity: size / MemoryLayout<Int>.size)
    }

    private func index(_ run: Int, _ thread: Int) -> Int { run * Self.perRun + thread * Self.perThread + 2 }

    /// Lines that a thread has begun to write: those with smaller numbers may be there.
    func attempted(_ run: Int, _ thread: Int) -> Int { unsafe numbers[index(run, thread)] }
    func setAttempted(_ run: Int, _ thread: Int, _ count: Int) { unsafe numbers[index(run, thread)] = count }

    /// Lines that were acknowledged: those with smaller numbers must be there.
    func acknowledged(_ run: Int, _ thread: Int) -> Int { unsafe numbers[index(run, thread) + 1] }
    func setAcknowledged(_ run: Int, _ thread: Int, _ count: Int) { unsafe numbers[index(run, thread) + 1] = count }

    /// Whether a run ended by itself, and how many lines it said that it dropped.
    func hasEnded(_ run: Int) -> Bool { unsafe numbers[run * Self.perRun] == 1 }
    func dropped(_ run: Int) -> Int { unsafe numbers[run * Self.perRun + 1] }
    func setEnded(_ run: Int, dropped: Int) {
        unsafe numbers[run * Self.perRun + 1] = dropped
        unsafe numbers[run * Self.perRun] = 1
    }

    func attempted(inRun run: Int) -> Int { (0..<Self.maximumThreads).reduce(0) { $0 + attempted(run, $1) } }
}
