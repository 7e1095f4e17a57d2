// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceConfiguration
import Synchronization

/// One of the demo's processes: this executable with another subcommand, its outputs in a file.
final class DemoProcess: Sendable {
    /// What it is, for a person: `the agent (sluice run)`.
    let title: String
    let logPath: String
    let identifier: pid_t
    private let state = Mutex(State())

    private struct State {
        /// As `waitpid` has it.
        var status: Int32?
        var isEndExpected = false
    }

    /// This executable, also if its file has been replaced since.
    private static let executable: String = {
        let path = unsafe realpath("/proc/self/exe", nil)
        defer { unsafe free(path) }
        return unsafe path.map { unsafe String(cString: $0) } ?? "/proc/self/exe"
    }()

    /// Starts it.
    ///
    /// - Parameter arguments: the subcommand and what follows it.
    init(title: String, arguments: [String], logPath: String, lifeline: Lifeline) throws(DemoFailure) {
        self.title = title
        self.logPath = logPath

        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, lifeline.readEnd, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, logPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)

        // A group of its own: Ctrl-C is for the demo, which ends its processes itself. And signals as a shell would
        // leave them, not as this process has them.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP)
        )

        // A token is for the receiver that somebody has; the demo's own is for the demo alone, which brings none.
        let environment = ProcessEnvironment.variables.filter { $0.key != "SLUICE_RECEIVE_TOKEN" }
            .map { "\($0.key)=\($0.value)" }
        let words = unsafe (["sluice"] + arguments).map { unsafe strdup($0) } + [nil]
        let variables = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        var process: pid_t = 0
        let code = unsafe posix_spawn(&process, Self.executable, &actions, &attributes, words, variables)
        guard code == 0 else { throw DemoFailure("\(title) does not start", code: code) }
        identifier = process
    }

    /// From now on its end is no failure.
    func expectEnd() { state.withLock { $0.isEndExpected = true } }

    func send(_ signal: Int32) {
        state.withLock { state in
            look(&state, waiting: false)
            if state.status == nil { _ = kill(identifier, signal) }
        }
    }

    /// Ends it at once, and waits until it is gone.
    func end() {
        expectEnd()
        send(SIGKILL)
        state.withLock { look(&$0, waiting: true) }
    }

    /// Why it should not have ended, if it has.
    var failure: DemoFailure? {
        let status = state.withLock { state in
            look(&state, waiting: false)
            return state.isEndExpected ? nil : state.status
        }
        return status.map { DemoFailure("\(title) \(Self.describe($0))", process: self) }
    }

    /// Waits for its end, which must be one without complaint.
    func finish(within limit: Duration) async throws {
        let deadline = ContinuousClock.now + limit
        while true {
            let status = state.withLock { state in
                look(&state, waiting: false)
                return state.status
            }
            if let status {
                guard status == 0 else { throw DemoFailure("\(title) \(Self.describe(status))", process: self) }
                return
            }
            guard ContinuousClock.now < deadline else {
                throw DemoFailure(
                    "\(title) was told to end, and still ran after \(limit.components.seconds) s",
                    process: self
                )
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private func look(_ state: inout State, waiting: Bool) {
        guard state.status == nil else { return }
        var status: Int32 = 0
        var result: pid_t
        repeat {
            result = unsafe waitpid(identifier, &status, waiting ? 0 : WNOHANG)
        } while result < 0 && errno == EINTR
        if result == identifier { state.status = status }
    }

    private static func describe(_ status: Int32) -> String {
        let signal = status & 0x7f
        return signal == 0
            ? "ended with status \((status >> 8) & 0xff)" : "was ended by signal \(signal)"
    }
}
