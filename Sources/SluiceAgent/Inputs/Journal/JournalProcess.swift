// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A running `journalctl`, with its standard output and standard error at hand.
@safe
final class JournalProcess: Sendable {
    let output: Int32
    let errors: Int32
    /// 0 once it has been waited for: its number may be another's then.
    private let identifier: Mutex<pid_t>

    /// Starts a program.
    ///
    /// - Returns: nil, with `errno`'s value, if it does not start.
    static func start(_ program: String, _ arguments: [String]) -> Result<JournalProcess, StartFailure> {
        var output: [Int32] = [-1, -1]
        var errors: [Int32] = [-1, -1]
        guard unsafe pipe(&output) == 0 else { return .failure(StartFailure(code: errno)) }
        guard unsafe pipe(&errors) == 0 else {
            let code = errno
            for descriptor in output { close(descriptor) }
            return .failure(StartFailure(code: code))
        }
        for descriptor in output + errors { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output[1], 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors[1], 2)
        // The agent's threads may block signals, and ignore some; the program must hear them.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        var defaults = sigset_t()
        unsafe sigemptyset(&defaults)
        unsafe sigaddset(&defaults, SIGPIPE)
        unsafe sigaddset(&defaults, SIGTERM)
        unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
        // A group of its own: what is typed at the agent's terminal is not for it.
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        let environment = (TextFile.bytes("/proc/self/environ") ?? []).split(separator: 0).map {
            String(decoding: $0, as: UTF8.self)
        }
        var process: pid_t = 0
        let code = unsafe withPointers([program] + arguments) { argumentList in
            unsafe withPointers(environment) { environmentList in
                unsafe posix_spawnp(&process, program, &actions, &attributes, argumentList, environmentList)
            }
        }
        close(output[1])
        close(errors[1])
        guard code == 0 else {
            close(output[0])
            close(errors[0])
            return .failure(StartFailure(code: code))
        }
        return .success(JournalProcess(process, output: output[0], errors: errors[0]))
    }

    struct StartFailure: Error {
        var code: Int32
        var reason: String { unsafe String(cString: strerror(code)) }
    }

    private init(_ identifier: pid_t, output: Int32, errors: Int32) {
        self.identifier = Mutex(identifier)
        self.output = output
        self.errors = errors
        for descriptor in [output, errors] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    }

    deinit {
        close(output)
        close(errors)
    }

    /// Asks it, and what it has started, to end.
    func terminate() { identifier.withLock { if $0 > 0 { kill(-$0, SIGTERM) } } }

    /// Waits for its end: for a while, if it was asked to, and then it has to.
    ///
    /// - Returns: how it ended, in words.
    func wait() -> String {
        var status: Int32 = 0
        for attempt in 0..<200 {
            let result = identifier.withLock { identifier in
                let result = unsafe waitpid(identifier, &status, WNOHANG)
                if result == identifier || (result < 0 && errno != EINTR) { identifier = 0 }
                return identifier
            }
            if result == 0 { break }
            if attempt == 100 { identifier.withLock { if $0 > 0 { kill(-$0, SIGKILL) } } }
            usleep(20_000)
        }
        let signal = status & 0x7f
        return signal == 0 ? "exit status \((status >> 8) & 0xff)" : "signal \(signal)"
    }

    /// Waits until one of the outputs can be read, or has ended, or somebody is woken.
    func wait(isErrorOpen: Bool, or wakeUp: WakeUp) {
        var entries = [output, isErrorOpen ? errors : -1, wakeUp.descriptor].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        _ = unsafe poll(&entries, nfds_t(entries.count), 60_000)
    }

    /// C strings, and a null behind them.
    private static func withPointers<Result>(
        _ strings: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) } + [nil]
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe body(pointers)
    }
}
