// SPDX-License-Identifier: Apache-2.0

import CIgzip
import SluiceBytes

/// One stream of raw deflate (RFC 1951) after another, made by igzip with a state that is kept.
@safe
final class IgzipStream {
    /// igzip's own state follows the fields that are known here: 82 kB in 2.30. There is room for a larger one.
    private static let stateBytes = 512 << 10
    /// What a level works in: the sizes that 2.30 recommends (281 to 348 kB), with room.
    private static let bufferBytes = 384 << 10

    private let library: IgzipLibrary
    private let memory: UnsafeMutableRawPointer
    private let buffer: UnsafeMutablePointer<UInt8>
    private let stream: UnsafeMutablePointer<sluice_igzip_stream>

    /// - Parameter level: 1 to 3.
    /// - Returns: nil if the library's fields are not where they should be.
    init?(_ library: IgzipLibrary, level: Int) {
        self.library = library
        unsafe memory = .allocate(byteCount: Self.stateBytes, alignment: 64)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: Self.stateBytes)
        unsafe buffer = .allocate(capacity: Self.bufferBytes)
        unsafe buffer.initialize(repeating: 0, count: Self.bufferBytes)
        unsafe stream = memory.bindMemory(to: sluice_igzip_stream.self, capacity: 1)
        // Marks, to see that the library puts its own values into these places, and nothing into others.
        unsafe stream.pointee.avail_in = 0x5a5a_5a5a
        unsafe stream.pointee.total_in = 0x5a5a_5a5a
        unsafe stream.pointee.total_out = 0x5a5a_5a5a
        unsafe stream.pointee.hist_bits = 0x5a5a
        unsafe library.prepare(memory)
        guard unsafe stream.pointee.total_in == 0, unsafe stream.pointee.total_out == 0,
            unsafe stream.pointee.hufftables != nil, unsafe stream.pointee.level == 0,
            unsafe stream.pointee.end_of_stream == 0, unsafe stream.pointee.flush == 0,
            unsafe stream.pointee.gzip_flag == 0, unsafe stream.pointee.hist_bits == 0
        else { return nil }
        unsafe stream.pointee.avail_in = 0
        unsafe stream.pointee.level = UInt32(max(1, min(3, level)))
        unsafe stream.pointee.level_buf = buffer
        unsafe stream.pointee.level_buf_size = UInt32(Self.bufferBytes)
    }

    deinit {
        unsafe memory.deallocate()
        unsafe buffer.deallocate()
    }

    /// Adds to the stream, and appends what is ready of it.
    ///
    /// - Parameter isLast: the stream ends with it.
    func write(_ text: ByteView, isLast: Bool, to output: some GzipOutput) {
        var rest = text
        repeat {
            let part = rest[0..<min(rest.count, 1 << 30)]
            rest = rest[part.count..<rest.count]
            unsafe stream.pointee.next_in = part.base
            unsafe stream.pointee.avail_in = UInt32(part.count)
            unsafe stream.pointee.end_of_stream = isLast && rest.isEmpty ? 1 : 0
            var isFull = true
            while isFull {
                unsafe output.extend(room: 64 << 10) { room in
                    unsafe stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
                    unsafe stream.pointee.avail_out = UInt32(room.count)
                    _ = unsafe library.deflate(memory)
                    return unsafe room.count - Int(stream.pointee.avail_out)
                }
                isFull = unsafe stream.pointee.avail_out == 0
            }
        } while !rest.isEmpty
    }

    /// Makes ready for the next stream.
    func reset() {
        unsafe library.reset(memory)
        unsafe stream.pointee.end_of_stream = 0
    }
}
