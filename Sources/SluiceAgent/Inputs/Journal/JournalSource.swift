// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import SluiceBytes
import SluiceEvents
import Synchronization

/// Follows systemd's journal through `journalctl`, and starts it again when it ends. The cursor of an entry goes into
/// state in the transaction that keeps the entry, so that none is lost or comes twice.
final class JournalSource: QueueSource, @unchecked Sendable {  // `run` alone changes what can change
    private let options: JournalInputOptions
    private let isOnce: Bool
    private let counters: InputCounters
    private let logger: Logger
    private let stopping = WakeUp()
    private let process = Mutex<JournalProcess?>(nil)
    private let reader: JournalEntryReader
    private var cursor: String?
    private var lastProblem: String?

    /// An entry with all its fields may be as long as this.
    private static let maximumLine = 64 << 20

    init(_ options: JournalInputOptions, isOnce: Bool, counters: InputCounters, logger: Logger) {
        self.options = options
        self.isOnce = isOnce
        self.counters = counters
        self.logger = logger
        reader = JournalEntryReader(hostName: options.hostName)
    }

    func stop() {
        stopping.wake()
        process.withLock { $0 }?.terminate()
    }

    func run(into queue: DurableQueue) {
        cursor = queue.cursor
        var backoff = Backoff(initial: 1_000_000_000, maximum: 60_000_000_000)
        var generator = SystemRandomNumberGenerator()
        while !stopping.isAwake {
            let before = cursor
            let arguments = options.arguments(cursor: cursor, isOnce: isOnce, now: SystemClock.now())
            switch JournalProcess.start(options.program, arguments) {
            case .success(let process):
                self.process.withLock { $0 = process }
                // A stop that came before the process was known has not reached it.
                if stopping.isAwake { process.terminate() }
                let errors = follow(process, into: queue)
                let end = process.wait()
                self.process.withLock { $0 = nil }
                if stopping.isAwake { return }
                if isOnce, end == "exit status 0" { return }
                report("journalctl has ended (\(end))", errors)
            case .failure(let failure):
                report("'\(options.program)' cannot be started: \(failure.reason)", "")
            }
            if isOnce { return }
            if cursor != before { backoff.reset() }
            stopping.wait(nanoseconds: backoff.next(using: &generator), or: -1)
        }
    }

    /// Says the same thing only once.
    private func report(_ problem: String, _ errors: String) {
        guard problem + errors != lastProblem else { return }
        lastProblem = problem + errors
        logger.warning(
            isOnce ? "\(problem)" : "\(problem); it is started again after a pause",
            metadata: ["input": "\(options.name)", "errors": "\(errors)"]
        )
    }

    /// Takes entries to the end of the output.
    ///
    /// - Returns: the end of what the program complained about.
    private func follow(_ process: JournalProcess, into queue: DurableQueue) -> String {
        var framer = MessageFramer(.delimiter, maximumBytes: Self.maximumLine)
        let piece = ByteArena(capacity: 64 << 10)
        var complaints: [UInt8] = []
        var isErrorOpen = true
        while true {
            // While the queue has no room, journalctl waits.
            if stopping.isAwake { break }
            guard queue.waitForRoom(nanoseconds: 100_000_000) else { continue }
            process.wait(isErrorOpen: isErrorOpen, or: stopping)
            if isErrorOpen, let got = read(process.errors, to: piece) {
                isErrorOpen = got > 0
                complaints = Array((complaints + piece.view.array).suffix(1000))
            }
            guard let got = read(process.output, to: piece) else { continue }
            if got == 0 { break }
            framer.append(piece.view) { line, isCut in take(line, isCut, into: queue) }
        }
        // A line without its end is an entry that will come again, after the cursor.
        return String(decoding: complaints, as: UTF8.self).trimmed
    }

    /// - Returns: how many bytes came; 0 at the end; nil if there is nothing now.
    private func read(_ descriptor: Int32, to piece: ByteArena) -> Int? {
        piece.removeAll()
        var got = 0
        unsafe piece.append(room: 64 << 10) { room in
            got = unsafe Glibc.read(descriptor, room.baseAddress, room.count)
            return max(0, got)
        }
        if got < 0 { return errno == EINTR || errno == EAGAIN ? nil : 0 }
        return got
    }

    private func take(_ line: ByteView, _ isCut: Bool, into queue: DurableQueue) {
        do throws(JournalEntryReader.Problem) {
            if isCut {
                throw JournalEntryReader.Problem(description: "an entry is longer than \(Self.maximumLine) bytes")
            }
            try reader.read(line) { event, cursor in
                if queue.put(event, cursor: cursor, isForced: true) { self.cursor = cursor }
            }
        } catch {
            counters.parseFailures.add(1, ordering: .relaxed)
            report(error.description, "")
        }
    }
}
