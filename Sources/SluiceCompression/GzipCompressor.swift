// SPDX-License-Identifier: Apache-2.0

import CZlib
package import SluiceBytes

/// Compresses to gzip (RFC 1952) with zlib or igzip, one member after another, reusing their state (about 256 KiB, and
/// 500 KiB); or, where a protocol wants that, to zlib's own form (RFC 1950), one stream after another, with zlib.
///
/// They make the compressed blocks; header and trailer are written here, because the checksum is quicker that way.
/// `compress` makes one member of one text. For a text that comes in pieces: `write` each, then `finish`.
/// Not for use from two threads at once.
@safe
package final class GzipCompressor {
    private var stream: UnsafeMutablePointer<z_stream>
    /// In zlib's place.
    private let igzip: IgzipStream?
    private var checksum = GzipChecksum()
    /// Bytes in the member so far, modulo 2^32.
    private var length: UInt32 = 0
    private var hasBegun = false
    private let wrapper: Wrapper
    private let level: Int

    /// Bytes that are summed and then compressed, while they are in the processor's cache.
    private static let piece = 64 << 10

    /// What stands around the compressed blocks.
    package enum Wrapper: Sendable {
        case gzip
        /// RFC 1950, whose header and checksum zlib writes itself.
        case zlib
    }

    /// What makes the blocks: `zlib` or `igzip`.
    package var engine: GzipEngine { igzip == nil ? .zlib : .igzip }

    /// - Parameters:
    ///   - level: 1 (fast) to 9 (small); igzip's end at 3.
    ///   - engine: what is to make the blocks, where it is there.
    package init(level: Int, engine: GzipEngine = .zlib, wrapper: Wrapper = .gzip) throws(GzipError) {
        self.wrapper = wrapper
        self.level = max(1, min(9, level))
        igzip = wrapper == .zlib ? nil : engine.library(level: level).flatMap { IgzipStream($0, level: level) }
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        if igzip != nil { return }
        // 15 window bits, negative for no wrapper; memory level 8 is zlib's default.
        let code = unsafe deflateInit2_(
            stream,
            Int32(self.level),
            Z_DEFLATED,
            wrapper == .zlib ? 15 : -15,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        // Everything is initialised, so the object is deinitialised when this throws.
        guard code == Z_OK else { throw .initialisation(code) }
        tune()
    }

    /// At level 1 zlib is content with 8 bytes that are alike. Lines that are much alike are worth looking for the best of
    /// its four candidates: measured, 1 to 4 % smaller and as quick.
    private func tune() {
        guard level == 1 else { return }
        // What it has at level 1, but for the third, the length that is enough.
        unsafe deflateTune(stream, 4, 4, 32, 4)
    }

    deinit {
        if igzip == nil { unsafe deflateEnd(stream) }
        unsafe stream.deallocate()
    }

    /// Appends one whole gzip member that holds `text`.
    package func compress(_ text: ByteView, to output: some GzipOutput) {
        write(text, to: output)
        finish(to: output)
    }

    /// Adds to the member that is being written, and appends what is ready of it.
    package func write(_ text: ByteView, to output: some GzipOutput) {
        begin(in: output)
        length &+= UInt32(truncatingIfNeeded: text.count)
        var rest = text
        repeat {
            let piece = rest[0..<min(rest.count, Self.piece)]
            rest = rest[piece.count..<rest.count]
            if wrapper == .gzip { checksum.add(piece) }
            if let igzip {
                igzip.write(piece, isLast: false, to: output)
            } else {
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: piece.base)
                unsafe stream.pointee.avail_in = UInt32(piece.count)
                drain(to: output, flush: Z_NO_FLUSH)
            }
        } while !rest.isEmpty
    }

    /// Ends the member, and makes ready for the next.
    package func finish(to output: some GzipOutput) {
        begin(in: output)
        if let igzip {
            igzip.write(.empty, isLast: true, to: output)
            igzip.reset()
        } else {
            unsafe stream.pointee.avail_in = 0
            drain(to: output, flush: Z_FINISH)
            unsafe deflateReset(stream)
            // A reset puts the level's own figures back.
            tune()
        }
        if wrapper == .gzip {
            output.append(
                [checksum.value, length].flatMap { number in
                    (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
                }
            )
        }
        checksum = GzipChecksum()
        length = 0
        hasBegun = false
    }

    /// Writes the header: deflate, no flags, no time, nothing said of the level, Unix.
    private func begin(in output: some GzipOutput) {
        guard !hasBegun else { return }
        hasBegun = true
        guard wrapper == .gzip else { return }
        output.append([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
    }

    private func drain(to output: some GzipOutput, flush: Int32) {
        var isFull = true
        while isFull {
            unsafe output.extend(room: 64 << 10) { room in
                unsafe stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
                unsafe stream.pointee.avail_out = UInt32(room.count)
                _ = unsafe deflate(stream, flush)
                return unsafe room.count - Int(stream.pointee.avail_out)
            }
            isFull = unsafe stream.pointee.avail_out == 0
        }
    }
}
