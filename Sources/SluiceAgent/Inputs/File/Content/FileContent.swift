// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceBytes
import SluiceCompression

/// A file's bytes by their offset in its text: as they stand or, of a compressed file, as they were before.
final class FileContent {
    private var descriptor: Int32
    private let gzip: GzipText?

    /// - Parameter descriptor: is closed by `close`, or with the value.
    init(descriptor: Int32, isCompressed: Bool) {
        self.descriptor = descriptor
        gzip = isCompressed ? GzipText(descriptor: descriptor) : nil
    }

    deinit { close() }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    var isCompressed: Bool { gzip != nil }

    /// Whether nothing of a compressed file is missing at its end.
    var isComplete: Bool { gzip?.isComplete ?? true }

    /// What is wrong with a compressed file.
    var damage: GzipError? { gzip?.failure }

    var status: FileStatus? { FileStatus(descriptor: descriptor) }

    /// How much text there is, as far as `wanted`: of a compressed file the rest need not be known.
    ///
    /// - Parameters:
    ///   - status: what the file system says now.
    ///   - kept: text before it will not be read again.
    /// - Returns: bytes; -1 if a compressed file has become another.
    func size(_ status: FileStatus, upTo wanted: Int64, keeping kept: Int64) -> Int64 {
        guard let gzip else { return status.size }
        if gzip.isCut(size: status.size) {
            gzip.rewind()
            return -1
        }
        gzip.extend(to: wanted, keeping: kept)
        return gzip.end
    }

    /// How much text there is now. Of a compressed file that has not been read to its end: more than can be.
    var sizeNow: Int64 {
        guard let status else { return 0 }
        guard let gzip else { return status.size }
        return gzip.isExhausted(size: status.size) ? gzip.end : .max - 1
    }

    /// Appends up to `count` bytes.
    ///
    /// - Returns: how many there were, or -1; then `errno` says why.
    func read(_ count: Int, at offset: Int64, into arena: ByteArena) -> Int {
        if let gzip {
            let got = gzip.read(count, at: offset, into: arena)
            if got < 0 { errno = gzip.readError }
            return got
        }
        var total = 0
        while total < count {
            var got = 0
            unsafe arena.append(room: count - total) { room in
                got = unsafe pread(descriptor, room.baseAddress, room.count, off_t(offset) + off_t(total))
                return max(0, got)
            }
            if got < 0, errno == EINTR { continue }
            if got < 0 { return -1 }
            if got == 0 { break }
            total += got
        }
        return total
    }

    /// Of what stands at a place now; nil if it cannot be read or is shorter.
    func fingerprint(offset: Int64, length: Int) -> FileFingerprint? {
        guard offset >= 0, length >= 0 else { return nil }
        let arena = ByteArena(capacity: max(length, 1))
        return read(length, at: offset, into: arena) == length ? FileFingerprint(arena.view, offset: offset) : nil
    }

    /// The first bytes, as many as there are up to `FileFingerprint.length`; nil if they cannot be read.
    func beginning() -> ByteArena? {
        let arena = ByteArena(capacity: FileFingerprint.length)
        return read(FileFingerprint.length, at: 0, into: arena) >= 0 ? arena : nil
    }

    /// Of the first bytes, as many as there are up to `FileFingerprint.length`.
    func head() -> FileFingerprint? {
        guard let arena = beginning() else { return nil }
        // Something may still be written where a file that was made large beforehand ends in NULs.
        return FileFingerprint(arena.view[0..<arena.view.countWithoutTrailingNULs], offset: 0)
    }

    /// Whether the same bytes still stand there.
    func matches(_ print: FileFingerprint) -> Bool { fingerprint(offset: print.offset, length: print.length) == print }

    /// How far the text goes, looked for as far as `end`; and whether nothing can follow it.
    func extent(upTo end: Int64, _ status: FileStatus) -> (size: Int64, isWhole: Bool) {
        guard let gzip else { return (status.size, true) }
        gzip.extend(to: end, keeping: max(0, end - Int64(FileFingerprint.length)))
        return (gzip.end, gzip.isComplete && gzip.isExhausted(size: status.size))
    }

    func rewind() { gzip?.rewind() }

    /// Gives back what is not needed while nothing is read.
    func rest(keeping kept: Int64) { gzip?.rest(keeping: kept) }
}
