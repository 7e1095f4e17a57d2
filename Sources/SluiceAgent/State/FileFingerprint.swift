// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SluiceBytes

/// A hash of some bytes of a file, by which it is known again.
package struct FileFingerprint: Equatable, Sendable {
    /// Up to this much is looked at, at the head and before the offset.
    package static let length = 1024

    package var offset: Int64
    package var length: Int
    package var hash: UInt64

    /// The first byte behind it.
    package var end: Int64 { offset + Int64(length) }

    package init(offset: Int64, length: Int, hash: UInt64) {
        self.offset = offset
        self.length = length
        self.hash = hash
    }

    /// Of bytes that begin at `offset` of their file.
    package init(_ bytes: ByteView, offset: Int64) {
        self.init(offset: offset, length: bytes.count, hash: XXHash64.hash(bytes))
    }

    /// Of what stands in a file now; nil if it cannot be read or is shorter.
    package static func read(_ descriptor: Int32, offset: Int64, length: Int) -> FileFingerprint? {
        guard offset >= 0, length >= 0 else { return nil }
        let arena = ByteArena(capacity: max(length, 1))
        var isComplete = true
        while arena.count < length, isComplete {
            unsafe arena.append(room: length - arena.count) { room in
                let got = unsafe pread(descriptor, room.baseAddress, room.count, off_t(offset) + arena.count)
                if got <= 0 { isComplete = got < 0 && errno == EINTR }
                return max(0, got)
            }
        }
        return arena.count == length ? FileFingerprint(arena.view, offset: offset) : nil
    }

    /// Of the file's first bytes, as many as there are up to `length`.
    package static func head(_ descriptor: Int32) -> FileFingerprint? {
        let arena = ByteArena(capacity: length)
        unsafe arena.append(room: length) { room in
            max(0, unsafe pread(descriptor, room.baseAddress, room.count, 0))
        }
        // Something may still be written where a file that was made large beforehand ends in NULs.
        return FileFingerprint(arena.view[0..<arena.view.countWithoutTrailingNULs], offset: 0)
    }

    /// Whether the same bytes still stand there.
    package func matches(_ descriptor: Int32) -> Bool {
        Self.read(descriptor, offset: offset, length: length) == self
    }
}
