// SPDX-License-Identifier: Apache-2.0

public import Logging
import SluiceBytes
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that starts anew when it has reached a size, and keeps so many of its predecessors.
///
/// `app.log` becomes `app.log.1`, what was `app.log.1` becomes `app.log.2`, and so on; the one beyond `backupCount` is
/// removed. As with Python's `RotatingFileHandler`, the file is changed before the line that would bring it to
/// `maximumBytes`, and never if either of the two numbers is zero; a file that is empty takes any line.
///
/// - Each line is one `write(2)`, so what was logged survives the process's end, however sudden. It is not synced.
/// - A restart carries on with the file and the size it has. A last line that broke off in a crash is ended first.
/// - If the file is moved away or removed, a new one is opened under the name within a tenth of a second, or at once by
///   ``reopen()``.
/// - If a line cannot be written (a full disk, a removed directory), it is dropped whole and counted, that is said once
///   on the standard error, and the next line is tried again.
public final class RotatingFile: LogDestination {
    /// The file's absolute path.
    public let path: String
    /// The size, in bytes, that a file does not reach; 0 for no limit.
    public let maximumBytes: Int
    /// How many predecessors are kept.
    public let backupCount: Int

    /// How often it is looked whether the file is still there, and how often what went wrong is tried again.
    private let checkInterval: Int64

    private struct State {
        /// Nil if it could not be opened again, and after `close`.
        var file: AppendingFile?
        var openingError: SystemError?
        var drops = DropRecord()
        var nextCheck: Int64
        var nextRotation = Int64.min
        /// Lines are written, but not where or as they should be.
        var isDegraded = false
        var isClosed = false
    }

    private let state: Mutex<State>

    /// Opens the file, or makes it and the directories it lies in.
    ///
    /// - Parameters:
    ///   - path: where the file is; a relative path counts from the current directory of now.
    ///   - maximumBytes: the size that a file does not reach; 0 for no limit.
    ///   - backupCount: how many predecessors are kept; with 0 the file is never changed.
    public convenience init(
        path: String,
        maximumBytes: Int = 10 << 20,
        backupCount: Int = 10
    ) throws(SystemError) {
        try self.init(
            path: path,
            maximumBytes: maximumBytes,
            backupCount: backupCount,
            checkInterval: 100_000_000
        )
    }

    /// - Parameter checkInterval: nanoseconds; 0 looks before every line.
    package init(path: String, maximumBytes: Int, backupCount: Int, checkInterval: Int64) throws(SystemError) {
        _ = StandardStream.ignoresFatalSignals
        self.path = try Self.absolute(path)
        self.maximumBytes = max(0, maximumBytes)
        self.backupCount = max(0, backupCount)
        self.checkInterval = checkInterval
        let file = try AppendingFile(path: self.path)
        state = Mutex(State(file: file, nextCheck: SystemClock.coarseMonotonic() + checkInterval))
    }

    deinit { close() }

    private static func absolute(_ path: String) throws(SystemError) -> String {
        guard !path.utf8.contains(0), !path.isEmpty else {
            throw SystemError("open", path: "a path that is empty or has a NUL", code: EINVAL)
        }
        if path.hasPrefix("/") { return path }
        guard let directory = unsafe getcwd(nil, 0) else {
            throw SystemError("find the current directory of", path: path)
        }
        defer { unsafe free(directory) }
        return unsafe String(cString: directory) + "/" + path
    }

    /// Lines that could not be written.
    public var droppedLines: Int { state.withLock { $0.drops.total } }

    /// Appends the line, to a new file if this one is full.
    public func write(_ line: RawSpan, level: Logger.Level) {
        line.withByteView { line in state.withLock { write(line, &$0) } }
    }

    private func write(_ line: ByteView, _ state: inout State) {
        let now = SystemClock.coarseMonotonic()
        if now >= state.nextCheck, !state.isClosed {
            state.nextCheck = now + checkInterval
            if state.file?.isStill(at: path) != true { reopen(&state) }
        }
        if let size = state.file?.size, maximumBytes > 0, backupCount > 0, size > 0, size + line.count >= maximumBytes,
            now >= state.nextRotation
        {
            rotate(&state, now: now)
        }
        guard var file = state.file else {
            let error = state.openingError ?? SystemError("write to", path: path, code: EBADF)
            return state.drops.drop(because: error, isQuiet: state.isClosed)
        }
        let code = file.append(line)
        state.file = file
        if let code {
            state.drops.drop(because: SystemError("write to", path: path, code: code))
        } else if !state.isDegraded {
            state.drops.recover(path: path)
        }
    }

    private func reopen(_ state: inout State) {
        do throws(SystemError) {
            let file = try AppendingFile(path: path)
            state.file?.close()
            state.file = file
            state.openingError = nil
            state.isDegraded = false
        } catch {
            if state.file?.hasName == true {
                state.isDegraded = true
                let consequence = "log lines go to where the file was moved until that is put right"
                state.drops.complain(about: error, consequence: consequence)
            } else {
                // Nobody would find what goes to a file without a name.
                state.file?.close()
                state.file = nil
                state.openingError = error
            }
        }
    }

    private func rotate(_ state: inout State, now: Int64) {
        guard state.file?.isRegular == true else { return }
        // Whoever else writes to the file may have changed it already.
        guard state.file?.isStill(at: path) == true else { return reopen(&state) }
        for number in stride(from: backupCount - 1, through: 1, by: -1) {
            _ = unsafe rename("\(path).\(number)", "\(path).\(number + 1)")
        }
        guard unsafe rename(path, "\(path).1") == 0 else {
            state.nextRotation = now + checkInterval
            state.isDegraded = true
            let error = SystemError("rename", path: path)
            return state.drops.complain(about: error, consequence: "it grows beyond \(maximumBytes) bytes meanwhile")
        }
        reopen(&state)
    }

    /// Lets go of the file and opens the one that has its name now, as after a rotation by someone else.
    public func reopen() {
        state.withLock { state in
            guard !state.isClosed else { return }
            reopen(&state)
        }
    }

    /// Nothing is held back, so there is nothing to do.
    public func flush() {}

    /// Closes the file. Lines that come later are dropped and counted.
    public func close() {
        state.withLock { state in
            state.file?.close()
            state.file = nil
            state.isClosed = true
        }
    }
}
