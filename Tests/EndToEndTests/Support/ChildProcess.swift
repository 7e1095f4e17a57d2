// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A process that runs beside the test. It is killed at the latest when nothing refers to it any more.
final class ChildProcess {
    let identifier: pid_t
    /// What it writes to its standard output and standard error.
    let outputPath: String
    let errorPath: String
    /// Its exit status, or 128 and the signal that ended it. Nil while it runs, or while nobody has looked.
    private(set) var status: Int32?

    /// - Parameters:
    ///   - arguments: the path of an executable, and what follows it.
    ///   - folder: where its outputs are kept, in files whose names begin with `name`.
    ///   - environment: variables beside this process's own.
    init(_ arguments: [String], folder: String, name: String, environment: [String: String] = [:]) throws {
        outputPath = "\(folder)/\(name).output"
        errorPath = "\(folder)/\(name).errors"

        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_APPEND
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, outputPath, flags, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errorPath, flags, 0o600)

        // The threads that tests run on may block signals; the child must hear them.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var variables = try Command.currentEnvironment().filter { variable in
            !environment.keys.contains { variable.hasPrefix($0 + "=") }
        }
        variables += environment.map { "\($0)=\($1)" }
        let argumentList = unsafe CStrings(arguments)
        let environmentList = unsafe CStrings(variables)
        var process: pid_t = 0
        let code = unsafe posix_spawn(
            &process,
            arguments[0],
            &actions,
            &attributes,
            argumentList.pointers,
            environmentList.pointers
        )
        guard code == 0 else {
            throw Command.Failure(
                description: "\(arguments[0]) does not start: \(unsafe String(cString: strerror(code)))"
            )
        }
        identifier = process
    }

    deinit {
        kill()
    }

    var isRunning: Bool {
        look(waiting: false)
        return status == nil
    }

    /// What it has written to its standard error so far.
    var errors: String { (try? TextFile.read(errorPath)) ?? "" }

    /// What its descriptors lead to; names of files that were deleted end in ` (deleted)`.
    func openFiles() throws -> [String] {
        let folder = "/proc/\(identifier)/fd"
        return try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { number in
            try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(number)")
        }
    }

    func send(_ signal: Int32) {
        if isRunning { _ = Glibc.kill(identifier, signal) }
    }

    /// Ends it with SIGKILL, and waits until it is gone.
    func kill() {
        guard isRunning else { return }
        _ = Glibc.kill(identifier, SIGKILL)
        look(waiting: true)
    }

    /// Waits for its end.
    func exitStatus(within deadline: Duration = .seconds(90)) async throws -> Int32 {
        try await Poll.until("process \(identifier) ends", within: deadline, tail: { self.errors }) { !self.isRunning }
        return status ?? -1
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
