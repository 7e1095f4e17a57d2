// SPDX-License-Identifier: Apache-2.0

import CZlib
package import SluiceBytes

/// Compresses to gzip (RFC 1952) with zlib, one member after another, reusing zlib's state (about 256 KiB).
///
/// `compress` makes one member of one text. For a text that comes in pieces: `write` each, then `finish`.
/// Not for use from two threads at once.
@safe
package final class GzipCompressor {
    private var stream: UnsafeMutablePointer<z_stream>

    /// - Parameter level: 1 (fast) to 9 (small).
    package init(level: Int) throws(GzipError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 window bits, and 16 more for the gzip wrapper; memory level 8 is zlib's default.
        let code = unsafe deflateInit2_(
            stream,
            Int32(max(1, min(9, level))),
            Z_DEFLATED,
            15 + 16,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        // Everything is initialised, so the object is deinitialised when this throws.
        guard code == Z_OK else { throw .initialisation(code) }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Appends one whole gzip member that holds `text`.
    package func compress(_ text: ByteView, to output: ByteArena) {
        output.reserve(text.count / 4 + 1024)
        write(text, to: output)
        finish(to: output)
    }

    /// Adds to the member that is being written, and appends what is ready of it.
    package func write(_ text: ByteView, to output: ByteArena) {
        var rest = text
        repeat {
            let part = rest[0..<min(rest.count, 1 << 30)]
            rest = rest[part.count..<rest.count]
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: part.base)
            unsafe stream.pointee.avail_in = UInt32(part.count)
            drain(to: output, flush: Z_NO_FLUSH)
        } while !rest.isEmpty
    }

    /// Ends the member, and makes ready for the next.
    package func finish(to output: ByteArena) {
        unsafe stream.pointee.avail_in = 0
        drain(to: output, flush: Z_FINISH)
        unsafe deflateReset(stream)
    }

    private func drain(to output: ByteArena, flush: Int32) {
        var isFull = true
        while isFull {
            unsafe output.append(room: 64 << 10) { room in
                unsafe stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
                unsafe stream.pointee.avail_out = UInt32(room.count)
                _ = unsafe deflate(stream, flush)
                return unsafe room.count - Int(stream.pointee.avail_out)
            }
            isFull = unsafe stream.pointee.avail_out == 0
        }
    }
}
