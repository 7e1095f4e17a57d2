// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A folder whose disk can be full.
final class SmallDisk {
    enum Kind: Sendable {
        /// A small file system of its own, which only root may mount.
        case fileSystem
        /// A limit to the size of the files that a process writes.
        case fileSizeLimit

        /// Whether it can be had here.
        var isPossible: Bool {
            switch self {
            case .fileSystem:
                guard let folder = try? TemporaryFolder(), SmallDisk.mount(folder.path) else { return false }
                SmallDisk.unmount(folder.path)
                return true
            case .fileSizeLimit:
                return (try? Command.runToItsEnd(["/usr/bin/env", "prlimit", "--version"]))?.status == 0
            }
        }
    }

    /// Room for what SQLite needs to open a database, and for little else.
    static let room = 64 << 10

    private let kind: Kind
    private let folder: String

    /// Makes the folder.
    init(_ kind: Kind, folder: String) throws {
        self.kind = kind
        self.folder = folder
        unsafe mkdir(folder, 0o700)
        guard kind == .fileSizeLimit || Self.mount(folder) else {
            throw Command.Failure(description: "nothing can be mounted at \(folder)")
        }
    }

    deinit {
        if kind == .fileSystem { Self.unmount(folder) }
    }

    /// Takes the room that is left, but for `room`, from a process that is going to be started.
    ///
    /// - Returns: what stands before the process's own arguments.
    func cramp(room: Int) throws -> [String] {
        switch kind {
        case .fileSystem:
            try writeBallast(leaving: room)
            return []
        case .fileSizeLimit:
            return ["/usr/bin/env", "prlimit", "--fsize=\(room)"]
        }
    }

    /// Takes all the room that is left from a running process. (It may go on with files that are smaller than `log`.)
    func fill(log: Int, for process: ChildProcess) async throws {
        switch kind {
        case .fileSystem: try writeBallast(leaving: 0)
        case .fileSizeLimit:
            let arguments = ["/usr/bin/env", "prlimit", "--pid", "\(process.identifier)", "--fsize=\(log):"]
            guard try await Command.run(arguments).status == 0 else {
                throw Command.Failure(description: "the process cannot be limited")
            }
        }
    }

    /// Gives the room back to whatever is started from now on.
    func free() {
        unsafe unlink(ballast)
    }

    private var ballast: String { folder + "/ballast" }

    private func writeBallast(leaving room: Int) throws {
        let file = unsafe open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Command.Failure(description: "\(ballast) cannot be opened") }
        defer { close(file) }
        let block = [UInt8](repeating: 0, count: 4096)
        var size = 0
        while unsafe block.withUnsafeBytes({ unsafe Glibc.write(file, $0.baseAddress, $0.count) }) == block.count {
            size += block.count
        }
        guard size >= room, ftruncate(file, off_t(size - room)) == 0 else {
            throw Command.Failure(description: "\(folder) has no \(room) bytes to leave")
        }
    }

    private static func mount(_ folder: String) -> Bool {
        unsafe Glibc.mount("tmpfs", folder, "tmpfs", 0, "size=1m,mode=700") == 0
    }

    private static func unmount(_ folder: String) {
        unsafe umount2(folder, Int32(MNT_DETACH))
    }
}
