// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceBytes
import SluiceCompression

/// The text of a gzip file (RFC 1952; several members in a row are one text), by its offsets.
///
/// It is decompressed forwards; what lies before what is kept costs a new beginning. What a file that is still being
/// compressed holds so far is there; the rest comes as the file grows.
final class GzipText {
    private let descriptor: Int32
    private var decompressor: GzipDecompressor?
    /// Text that was decompressed, from `start` on.
    private var window = ByteArena(capacity: 4096)
    private var spare = ByteArena(capacity: 64)
    private var start: Int64 = 0
    /// Bytes of the file that were decompressed.
    private var consumed: Int64 = 0
    private let input = ByteArena(capacity: GzipText.piece)
    /// Why nothing more can be read.
    private(set) var failure: GzipError?
    /// What the system said when the file could not be read.
    private(set) var readError: Int32 = 0

    /// So much of the file is decompressed at once: a thousandth of the text that it may hold at most.
    private static let piece = 8 << 10
    /// So much text may be given up at once.
    private static let step = 256 << 10

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// The first byte of the text that is not known yet.
    var end: Int64 { start + Int64(window.count) }

    /// Whether the file, as far as it was read, ends with the end of a member.
    var isComplete: Bool { failure == nil && consumed > 0 && decompressor?.isInsideMember != true }

    /// Whether all of a file of this size was decompressed.
    func isExhausted(size: Int64) -> Bool { failure != nil || consumed >= size }

    /// Whether the file has become shorter than what was read of it.
    func isCut(size: Int64) -> Bool { size < consumed }

    /// Decompresses until `wanted` bytes of text are known, or the file has no more.
    ///
    /// - Parameter kept: text before it may be given up.
    func extend(to wanted: Int64, keeping kept: Int64) {
        readError = 0
        while end < wanted, failure == nil {
            trim(to: min(kept, end))
            input.removeAll()
            var got = 0
            unsafe input.append(room: Self.piece) { room in
                got = unsafe pread(descriptor, room.baseAddress, room.count, off_t(consumed))
                return max(0, got)
            }
            if got < 0, errno == EINTR { continue }
            if got < 0 { readError = errno }
            guard got > 0 else { return }
            do throws(GzipError) {
                if decompressor == nil { decompressor = try GzipDecompressor() }
                try decompressor?.write(input.view, to: window, limit: .max)
            } catch {
                failure = error
            }
            consumed += Int64(got)
        }
    }

    /// Appends up to `count` bytes of text.
    ///
    /// - Returns: how many there were, or -1.
    func read(_ count: Int, at offset: Int64, into arena: ByteArena) -> Int {
        guard offset >= 0, count > 0 else { return 0 }
        if offset < start { rewind() }
        extend(to: offset + Int64(count), keeping: offset)
        let available = Int(min(Int64(count), end - offset))
        guard available > 0 else { return readError == 0 ? 0 : -1 }
        let first = Int(offset - start)
        arena.append(window.view(first..<(first + available)))
        return available
    }

    /// Begins at the file's beginning.
    func rewind() {
        decompressor = nil
        failure = nil
        window.shrink(to: 4096)
        start = 0
        consumed = 0
    }

    /// Gives back what is not needed while nothing is read.
    func rest(keeping kept: Int64) {
        guard kept >= end else { return }
        start = end
        window.shrink(to: 4096)
        spare.shrink(to: 64)
        if isComplete { decompressor = nil }
    }

    private func trim(to kept: Int64) {
        let drop = Int(kept - start)
        guard drop >= Self.step else { return }
        spare.removeAll()
        spare.append(window.view(drop..<window.count))
        swap(&window, &spare)
        start += Int64(drop)
    }
}
