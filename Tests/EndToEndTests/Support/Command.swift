// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A command that is run to its end.
struct Command {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Result: Sendable {
        /// The exit status, or 128 and the signal that ended it.
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs an executable by its path. It is waited for on a thread of its own: those that tests share are few, and while
    /// they wait every other test stands still.
    ///
    /// - Parameter arguments: the path, and what follows it.
    static func run(_ arguments: [String]) async throws -> Result {
        try await onOwnThread { try runToItsEnd(arguments) }
    }

    /// Does something that takes long where no other test waits for it.
    static func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Swift.Result(catching: body)) }
        }
    }

    /// The same, and the thread waits. Both outputs go to files, so that neither can stand in the other's way.
    static func runToItsEnd(_ arguments: [String]) throws -> Result {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let outputPath = folder.path + "/output"
        let errorPath = folder.path + "/errors"

        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, outputPath, flags, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errorPath, flags, 0o600)

        let argumentList = unsafe CStrings(arguments)
        let environmentList = try unsafe CStrings(currentEnvironment())
        var process: pid_t = 0
        let code = unsafe posix_spawn(
            &process,
            arguments[0],
            &actions,
            nil,
            argumentList.pointers,
            environmentList.pointers
        )
        guard code == 0 else {
            throw Failure(description: "\(arguments[0]) does not start: \(unsafe String(cString: strerror(code)))")
        }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw Failure(description: "\(arguments[0]) cannot be waited for") }
        }
        let signal = status & 0x7F
        return Result(
            status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal,
            output: try TextFile.read(outputPath),
            errors: try TextFile.read(errorPath)
        )
    }

    /// This process's variables, `NAME=value`.
    static func currentEnvironment() throws -> [String] {
        try TextFile.read("/proc/self/environ").split(separator: "\0").map(String.init)
    }
}
