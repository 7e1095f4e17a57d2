// SPDX-License-Identifier: Apache-2.0

public import Logging
import SluiceBytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The standard output or the standard error, written line by line without a buffer.
///
/// Whoever reads it may go away: lines are then dropped and counted, and the process is not ended by SIGPIPE, whose
/// default is set to be ignored when the first destination is made. A reader that stands still is waited for a second
/// a line at most.
public final class ConsoleDestination: LogDestination {
    /// Descriptor 1 of the process.
    public static let standardOutput = ConsoleDestination(descriptor: STDOUT_FILENO, name: "the standard output")
    /// Descriptor 2 of the process.
    public static let standardError = ConsoleDestination(descriptor: STDERR_FILENO, name: "the standard error")

    private struct State {
        var drops = DropRecord()
        /// The last line broke off; the next one must not be glued to it.
        var isMidLine = false
        var isClosed = false
    }

    private let descriptor: Int32
    private let name: String
    private let forkGuard = ForkGuard(State())
    private var state: GuardedState<State> { forkGuard.state }

    /// Whether people read the lines as they come.
    public var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Lines that could not be written.
    public var droppedLines: Int { state.withLock { $0.drops.total } }

    package init(descriptor: Int32, name: String) {
        _ = StandardStream.ignoresFatalSignals
        self.descriptor = descriptor
        self.name = name
        OpenDestinations.add(forkGuard)
    }

    /// Writes the line at once.
    public func write(_ line: RawSpan, level: Logger.Level) {
        line.withByteView { line in state.withLock { write(line, &$0) } }
    }

    private func write(_ line: ByteView, _ state: inout State) {
        guard !state.isClosed else {
            return state.drops.drop(because: SystemError("write", path: name, code: EBADF), isQuiet: true)
        }
        if state.isMidLine {
            if case .partial(_, let code) = StandardStream.write(ByteView("\n"), to: descriptor) {
                return drop(code, &state)
            }
            state.isMidLine = false
        }
        switch StandardStream.write(line, to: descriptor) {
        case .complete:
            state.drops.recover(path: name)
        case .partial(let written, let code):
            if written > 0 { state.isMidLine = true }
            drop(code, &state)
        }
    }

    private func drop(_ code: Int32, _ state: inout State) {
        // There is nowhere left to say that the standard error itself cannot be written.
        let isStandardError = descriptor == STDERR_FILENO
        state.drops.drop(because: SystemError("write to", path: name, code: code), isQuiet: isStandardError)
    }

    /// Nothing is held back, so there is nothing to do.
    public func flush() {}

    /// Drops what comes later. The descriptor belongs to the process and stays open.
    public func close() { state.withLock { $0.isClosed = true } }
}

extension LogDestination where Self == ConsoleDestination {
    /// The process's standard output.
    public static var standardOutput: ConsoleDestination { ConsoleDestination.standardOutput }
    /// The process's standard error.
    public static var standardError: ConsoleDestination { ConsoleDestination.standardError }
}
