// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A process that is killed at the latest when nothing refers to it any more. Its standard input is a pipe that the
/// system closes when this process ends, however it ends.
@safe
final class ChildProcess: @unchecked Sendable {  // its owner uses it from one thread, or under a lock
    enum Output {
        /// Both outputs are appended to a file.
        case file(String)
        /// The standard output can be read with `receiveLine`.
        case pipe
    }

    let identifier: pid_t
    private let input: Int32
    private let output: Int32
    private var received: [UInt8] = []
    /// Its exit status, or 128 and the signal that ended it. Nil while it runs, or while nobody has looked.
    private(set) var status: Int32?

    /// Of this program.
    static let ownPath: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        return String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()

    /// Of the command under test, which lies beside this program.
    static let sluicePath: String = {
        guard let slash = ownPath.lastIndex(of: "/") else { return "sluice" }
        return ownPath[...slash] + "sluice"
    }()

    /// - Parameters:
    ///   - arguments: the path of an executable, and what follows it.
    ///   - variables: `NAME=value`, beside this process's own.
    init(_ arguments: [String], output: Output, variables: [String] = []) throws(Failure) {
        (identifier, input, self.output) = try DescriptorLock.hold { () throws(Failure) in
            try Self.start(arguments, output, variables)
        }
    }

    /// - Returns: the process, the end of a pipe that leads to it and, if asked for, one that comes from it.
    private static func start(
        _ arguments: [String],
        _ output: Output,
        _ variables: [String]
    ) throws(Failure) -> (pid_t, Int32, Int32) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let toChild = try makePipe()
        unsafe posix_spawn_file_actions_adddup2(&actions, toChild.reading, 0)
        var fromChild: (reading: Int32, writing: Int32)?
        switch output {
        case .file(let path):
            unsafe posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        case .pipe:
            let pipe = try makePipe()
            unsafe posix_spawn_file_actions_adddup2(&actions, pipe.writing, 1)
            fromChild = pipe
        }
        var list = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var environment = unsafe variables.map { unsafe strdup($0) }
        for variable in TextFile.read("/proc/self/environ").split(separator: "\0") {
            unsafe environment.append(strdup(String(variable)))
        }
        unsafe environment.append(nil)
        defer {
            unsafe list.forEach { unsafe free($0) }
            unsafe environment.forEach { unsafe free($0) }
        }
        var process: pid_t = 0
        let code = unsafe posix_spawn(&process, arguments[0], &actions, nil, &list, &environment)
        close(toChild.reading)
        if let fromChild { close(fromChild.writing) }
        guard code == 0 else {
            close(toChild.writing)
            throw Failure("\(arguments[0]) does not start: \(unsafe String(cString: strerror(code)))")
        }
        return (process, toChild.writing, fromChild?.reading ?? -1)
    }

    deinit {
        kill()
        close(input)
        if output >= 0 { close(output) }
    }

    var isRunning: Bool {
        look(waiting: false)
        return status == nil
    }

    func send(signal: Int32) {
        if isRunning { _ = Glibc.kill(identifier, signal) }
    }

    /// Ends it with SIGKILL, and waits until it is gone.
    func kill() {
        guard isRunning else { return }
        _ = Glibc.kill(identifier, SIGKILL)
        look(waiting: true)
    }

    /// Waits for its end.
    ///
    /// - Returns: its status; nil if it still runs.
    func wait(milliseconds: Int) -> Int32? {
        let end = MachineClock.monotonic() + Int64(milliseconds) * MachineClock.millisecond
        while isRunning, MachineClock.monotonic() < end { MachineClock.sleep(milliseconds: 5) }
        return status
    }

    // MARK: Talking to it

    func send(_ text: String) throws(Failure) {
        let bytes = Array(text.utf8)
        guard unsafe write(input, bytes, bytes.count) == bytes.count else {
            throw Failure("process \(identifier) does not listen")
        }
    }

    /// The next line of its standard output, without its end. Waits for it.
    func receiveLine() throws(Failure) -> String {
        while true {
            if let newline = received.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: received[..<newline], as: UTF8.self)
                received.removeSubrange(...newline)
                return line
            }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = unsafe read(output, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure("process \(identifier) has ended") }
            received += buffer[..<count]
        }
    }

    private static func makePipe() throws(Failure) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw Failure("no pipe to be had") }
        for end in ends { DescriptorLock.mark(end) }
        return (ends[0], ends[1])
    }

    private func look(waiting: Bool) {
        guard status == nil else { return }
        var code: Int32 = 0
        var result: pid_t
        repeat {
            result = unsafe waitpid(identifier, &code, waiting ? 0 : WNOHANG)
        } while result < 0 && errno == EINTR
        if result == identifier {
            let signal = code & 0x7F
            status = signal == 0 ? (code >> 8) & 0xFF : 128 + signal
        } else if result < 0 {
            status = -1
        }
    }
}
