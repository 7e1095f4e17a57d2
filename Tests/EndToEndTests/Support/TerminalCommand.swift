// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A command whose standard output is a terminal.
enum TerminalCommand {
    /// Runs it to its end.
    ///
    /// - Parameter width: of the terminal, in columns.
    /// - Returns: what it wrote there.
    static func run(_ arguments: [String], width: Int) async throws -> String {
        try await Command.onOwnThread { try runToItsEnd(arguments, width: width) }
    }

    private static func runToItsEnd(_ arguments: [String], width: Int) throws -> String {
        var master: Int32 = -1
        var slave: Int32 = -1
        var size = winsize(ws_row: 24, ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
        guard unsafe openpty(&master, &slave, nil, nil, &size) == 0 else {
            throw Command.Failure(description: "there is no terminal to be had")
        }
        defer { close(master) }
        _ = fcntl(master, F_SETFD, FD_CLOEXEC)
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, slave, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        unsafe posix_spawn_file_actions_addclose(&actions, slave)
        let argumentList = unsafe CStrings(arguments)
        let environmentList = try unsafe CStrings(Command.currentEnvironment() + ["TERM=xterm"])
        var process: pid_t = 0
        let code = unsafe posix_spawn(
            &process,
            arguments[0],
            &actions,
            nil,
            argumentList.pointers,
            environmentList.pointers
        )
        close(slave)
        guard code == 0 else { throw Command.Failure(description: "\(arguments[0]) does not start") }
        // The terminal ends with the last process that has it open.
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe read(master, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            output += piece[..<count]
        }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        return String(decoding: output, as: UTF8.self)
    }
}
