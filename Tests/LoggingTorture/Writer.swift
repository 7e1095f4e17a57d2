// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes
import SluiceLogging
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The process that logs, and is killed.
enum Writer {
    static func run(_ options: Options) throws {
        let run = try options.number("run")
        let threads = try options.number("threads", default: 4)
        let lines = try options.number("lines")
        let pause = try options.number("pause", default: 0)
        let scenario = try Scenario(options)
        let ledger = try Ledger(path: try options.text("ledger"))
        // Runs after what the library does at the process's end, because it was there before.
        ending.withLock { $0 = Ending(ledger: ledger, run: run, threads: threads) }
        atexit { Writer.ending.withLock { $0?.note() } }
        let destination = try scenario.open(directory: try options.text("directory"), run: run)
        ending.withLock { $0?.destination = destination }

        var handles: [pthread_t] = []
        for thread in 0..<threads {
            handles.append(
                try start {
                    write(run, thread, lines / threads, to: destination, scenario, ledger, pause: UInt32(pause))
                }
            )
        }
        for handle in handles { pthread_join(handle, nil) }
        // Whoever ends normally need not flush; but what was dropped last is said when there is a next line, or now.
        if scenario.drops { destination.close() }
        exit(0)
    }

    /// What is true once the process has ended normally.
    private struct Ending {
        var ledger: Ledger
        var run: Int
        var threads: Int
        var destination: (any LogDestination)?

        func note() {
            for thread in 0..<threads { ledger.setAcknowledged(run, thread, ledger.attempted(run, thread)) }
            ledger.setEnded(run, dropped: destination?.droppedLines ?? 0)
        }
    }

    private static let ending = Mutex<Ending?>(nil)

    private static func write(
        _ run: Int,
        _ thread: Int,
        _ lines: Int,
        to destination: any LogDestination,
        _ scenario: Scenario,
        _ ledger: Ledger,
        pause: UInt32
    ) {
        let arena = ByteArena(capacity: 1024)
        for number in 0..<lines {
            arena.removeAll()
            Line.write(run, thread, number, to: arena)
            let level = Line.level(run, thread, number)
            ledger.setAttempted(run, thread, number + 1)
            unsafe destination.write(UnsafeRawBufferPointer(start: arena.base, count: arena.count).bytes, level: level)
            if scenario.acknowledgesAtOnce(level) {
                ledger.setAcknowledged(run, thread, number + 1)
            } else if number % 5000 == 4999 {
                destination.flush()
                ledger.setAcknowledged(run, thread, number + 1)
            }
            if pause > 0 { usleep(pause) }
        }
    }

    private final class Body {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    private static func start(_ run: @escaping () -> Void) throws -> pthread_t {
        let body = unsafe Unmanaged.passRetained(Body(run)).toOpaque()
        var handle = pthread_t()
        let code = unsafe pthread_create(
            &handle,
            nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            },
            body
        )
        guard code == 0 else { throw Options.Failure(description: "no thread to be had") }
        return handle
    }
}
