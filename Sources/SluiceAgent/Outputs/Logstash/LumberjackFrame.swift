// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import SluiceBytes
package import SluiceCompression

/// The frames that a client of the Lumberjack protocol writes. Numbers are of 32 bits, the most significant byte first.
///
/// | frame | what follows its two bytes |
/// | --- | --- |
/// | `2W` | how many events the window has |
/// | `2J` | the event's place in the window, from 1; the bytes of its JSON; the JSON |
/// | `2C` | the bytes of a zlib stream; the stream, which holds `2J` frames |
///
/// Source: `PROTOCOL.md` of logstash-input-beats, and what go-lumber and Filebeat send.
package enum LumberjackFrame {
    static let version = UInt8(ascii: "2")
    /// Version, type, sequence and length of a `2J`.
    static let eventHeader = 10

    /// Writes the head of an event's frame; the JSON follows, and then `endEvent`.
    ///
    /// - Returns: where the frame begins.
    package static func beginEvent(sequence: Int, in output: ByteArena) -> Int {
        let start = output.count
        output.append("2J")
        append(sequence, to: output)
        append(0, to: output)
        return start
    }

    /// Writes the length into the head of the event's frame that begins at `start` and ends here.
    package static func endEvent(_ start: Int, in output: ByteArena) {
        let length = UInt32(truncatingIfNeeded: output.count - start - eventHeader)
        for byte in 0..<4 {
            output.replace(at: start + 6 + byte, with: UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * byte)))
        }
    }

    /// Writes a whole window around events' frames.
    ///
    /// - Parameter compressor: one that makes zlib streams; nil leaves the frames as they are.
    package static func appendWindow(
        _ frames: ByteView,
        events: Int,
        compressor: GzipCompressor?,
        to output: ByteArena
    ) {
        output.append("2W")
        append(events, to: output)
        guard let compressor else {
            output.append(frames)
            return
        }
        output.append("2C")
        let start = output.count
        append(0, to: output)
        compressor.compress(frames, to: output)
        let length = UInt32(truncatingIfNeeded: output.count - start - 4)
        for byte in 0..<4 {
            output.replace(at: start + byte, with: UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * byte)))
        }
    }

    /// Takes the first events' frames off a body, and numbers them from 1.
    ///
    /// - Parameter count: at most this many.
    /// - Returns: the frames, and how many they are; 0 at the end of the body.
    package static func takeEvents(_ count: Int, from body: inout ByteBuffer) -> (frames: ByteBuffer, count: Int) {
        var taken = 0
        var length = 0
        while taken < count,
            let size = body.getInteger(at: body.readerIndex + length + 6, as: UInt32.self),
            length + eventHeader + Int(size) <= body.readableBytes
        {
            taken += 1
            body.setInteger(UInt32(taken), at: body.readerIndex + length + 2)
            length += eventHeader + Int(size)
        }
        return (body.readSlice(length: length) ?? ByteBuffer(), taken)
    }

    private static func append(_ number: Int, to output: ByteArena) {
        let number = UInt32(truncatingIfNeeded: number)
        for byte in 0..<4 { output.append(UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * byte))) }
    }
}
