// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceBytes

/// Tells by inotify what changes in some directories. Belongs to its input's thread.
///
/// It is not the truth, which is what the directories say: what it misses, a rescan finds.
@safe
final class DirectoryWatch {
    /// A name in a watched directory, without a string being made for each change.
    struct Name: Hashable {
        fileprivate var watch: Int32
        fileprivate var hash: UInt64
    }

    enum Change {
        /// A file was written to.
        case written(Name, path: () -> String)
        /// A name has come or gone, or its file is another, or has other attributes.
        case touched(path: String, isDirectory: Bool)
        /// Something was missed, or a directory is no longer where it was.
        case unclear
    }

    enum Failure: Equatable {
        /// The system allows no more watches for this user.
        case limit
        case other(Int32)
    }

    let descriptor: Int32
    private var paths: [Int32: String] = [:]
    private var watches: [String: Int32] = [:]
    private let buffer = ByteArena(capacity: 64 << 10)

    private static let names = UInt32(IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB)
    private static let selves = UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_MASK_ADD)

    /// Nil if the system has none to give.
    init?() {
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    /// Watches a directory.
    ///
    /// - Parameter hasFiles: writes to its files are told, too.
    /// - Returns: why that cannot be, or nil.
    func add(_ path: String, hasFiles: Bool) -> Failure? {
        let mask = Self.names | Self.selves | (hasFiles ? UInt32(IN_MODIFY) : 0)
        let watch = unsafe inotify_add_watch(descriptor, path, mask)
        guard watch >= 0 else { return errno == ENOSPC ? .limit : .other(errno) }
        // Two paths can lead to one directory; the first keeps it.
        if paths[watch] == nil { paths[watch] = path }
        watches[path] = watch
        return nil
    }

    /// By what a path is named in `written`; nil if its directory is not watched.
    func name(_ path: String) -> Name? {
        guard let watch = watches[FilePattern.directory(of: path)] else { return nil }
        return Name(watch: watch, hash: FilePattern.name(of: path).withBytes { XXHash64.hash($0) })
    }

    /// Reads what has changed since the last time.
    func read(_ handle: (Change) -> Void) {
        while true {
            buffer.removeAll()
            unsafe buffer.append(room: 64 << 10) { room in
                max(0, unsafe Glibc.read(descriptor, room.baseAddress, room.count))
            }
            if buffer.count == 0 { return }
            var position = 0
            while position + 16 <= buffer.count { position = event(at: position, handle) }
        }
    }

    /// - Returns: where the next event stands.
    private func event(at position: Int, _ handle: (Change) -> Void) -> Int {
        let first = buffer.view.word(at: position)
        let second = buffer.view.word(at: position + 8)
        let watch = Int32(truncatingIfNeeded: first)
        let mask = UInt32(truncatingIfNeeded: first >> 32)
        let length = Int(second >> 32)
        let next = position + 16 + length
        guard next <= buffer.count else {
            handle(.unclear)
            return buffer.count
        }
        if mask & UInt32(IN_Q_OVERFLOW) != 0 { handle(.unclear) }
        guard let directory = paths[watch] else { return next }
        if mask & UInt32(IN_IGNORED) != 0 {
            paths[watch] = nil
            for (path, other) in watches where other == watch { watches[path] = nil }
            handle(.unclear)
            return next
        }
        if mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF) != 0 {
            if mask & UInt32(IN_MOVE_SELF) != 0 { _ = inotify_rm_watch(descriptor, watch) }
            return next
        }
        // The name is filled up with zeros.
        let field = buffer.view((position + 16)..<next)
        let text = field[0..<(field.firstIndex(of: 0) ?? field.count)]
        if text.isEmpty { return next }
        func path() -> String { (directory == "/" ? "/" : directory + "/") + text.string }
        if mask & UInt32(IN_MODIFY) != 0 {
            handle(.written(Name(watch: watch, hash: XXHash64.hash(text)), path: path))
        }
        if mask & Self.names != 0 {
            handle(.touched(path: path(), isDirectory: mask & UInt32(IN_ISDIR) != 0))
        }
        return next
    }
}
