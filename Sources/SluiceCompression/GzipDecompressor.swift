// SPDX-License-Identifier: Apache-2.0

import CZlib
package import SluiceBytes

/// Decompresses gzip (RFC 1952), in one shot or as it comes, several members in a row included.
///
/// Not for use from two threads at once.
@safe
package final class GzipDecompressor {
    private var stream: UnsafeMutablePointer<z_stream>
    /// Whether the data that came so far ends within a member.
    package private(set) var isInsideMember = false

    /// - Parameter format: zlib's window bits: 31 for gzip, 15 for zlib (RFC 1950), -15 for raw deflate (RFC 1951).
    package init(windowBits: Int32 = 31) throws(GzipError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let code = unsafe inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        // Everything is initialised, so the object is deinitialised when this throws.
        guard code == Z_OK else { throw .initialisation(code) }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Appends the text of the whole of `data`.
    ///
    /// - Parameter limit: the most bytes that `output` may hold afterwards.
    package func decompress(_ data: ByteView, to output: ByteArena, limit: Int) throws(GzipError) {
        try write(data, to: output, limit: limit)
        try finish()
    }

    /// Takes the next bytes of the data, and appends the text they hold.
    package func write(_ data: ByteView, to output: ByteArena, limit: Int) throws(GzipError) {
        var rest = data
        while !rest.isEmpty {
            let part = rest[0..<min(rest.count, 1 << 30)]
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: part.base)
            unsafe stream.pointee.avail_in = UInt32(part.count)
            var code = Z_OK
            isInsideMember = true
            repeat {
                unsafe output.append(room: 64 << 10) { room in
                    unsafe stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
                    unsafe stream.pointee.avail_out = UInt32(room.count)
                    code = unsafe inflate(stream, Z_NO_FLUSH)
                    return unsafe room.count - Int(stream.pointee.avail_out)
                }
                guard output.count <= limit else {
                    reset()
                    throw .tooLarge(limit: limit)
                }
                switch code {
                case Z_OK, Z_BUF_ERROR: break
                case Z_STREAM_END: break
                default:
                    let reason = unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "code \(code)"
                    reset()
                    throw .corrupt(reason)
                }
            } while code != Z_STREAM_END && (unsafe stream.pointee.avail_out == 0)
            let left = unsafe Int(stream.pointee.avail_in)
            if code == Z_STREAM_END { reset() }
            rest = rest[(part.count - left)..<rest.count]
            if code == Z_BUF_ERROR, left > 0 {
                reset()
                throw .corrupt("no progress")
            }
        }
    }

    /// Says that the data is at its end; the next `write` begins anew.
    package func finish() throws(GzipError) {
        guard isInsideMember else { return }
        reset()
        throw .truncated
    }

    /// Makes ready for a member, whatever came before.
    private func reset() {
        isInsideMember = false
        unsafe inflateReset(stream)
    }
}
