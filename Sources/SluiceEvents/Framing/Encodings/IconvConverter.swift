// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceBytes

/// A conversion of the C library's iconv(3), used by one thread at a time.
@safe
final class IconvConverter {
    private let descriptor: iconv_t

    /// Nil if this system does not know one of the two encodings.
    init?(from: String, to: String) {
        guard let descriptor = unsafe iconv_open(to, from), Int(bitPattern: descriptor) != -1 else {
            return nil
        }
        unsafe self.descriptor = descriptor
    }

    deinit { unsafe iconv_close(descriptor) }

    /// Appends the whole of `text`, which begins in the encoding's first state.
    ///
    /// - Returns: whether something was no text; U+FFFD (in UTF-8) stands for each byte of it.
    func append(_ text: ByteView, to arena: ByteArena) -> Bool {
        var hasInvalid = false
        var position = 0
        // Back to the first state: nothing of an earlier text is left.
        _ = unsafe iconv(descriptor, nil, nil, nil, nil)
        while position < text.count {
            let (read, code) = step(text[position..<text.count], to: arena)
            position += read
            switch code {
            case 0: break
            case E2BIG:
                // There was room for a character, so there was progress; if there was none ever, the byte is skipped.
                if read > 0 { continue }
                fallthrough
            default:
                // Not text (EILSEQ), or only the beginning of a character (EINVAL).
                hasInvalid = true
                arena.append("\u{fffd}")
                position += 1
            }
        }
        flush(to: arena)
        return hasInvalid
    }

    /// Appends what the conversion holds back, because a combining character could have followed, and what takes the
    /// text to the encoding's first state.
    private func flush(to arena: ByteArena) {
        unsafe arena.append(room: 64) { room in
            var output = unsafe room.baseAddress?.assumingMemoryBound(to: CChar.self)
            var free = room.count
            _ = unsafe iconv(descriptor, nil, nil, &output, &free)
            return room.count - free
        }
    }

    /// Converts as much as it can.
    ///
    /// - Returns: how many bytes were read, and the error, or 0 when all of it was.
    private func step(_ text: ByteView, to arena: ByteArena) -> (read: Int, code: Int32) {
        var left = text.count
        var code: Int32 = 0
        unsafe arena.append(room: text.count * 2 + 64) { room in
            // iconv never writes to what it reads; its interface is older than const.
            var input: UnsafeMutablePointer<CChar>? = unsafe UnsafeMutablePointer(
                mutating: UnsafeRawPointer(text.base).assumingMemoryBound(to: CChar.self)
            )
            var output = unsafe room.baseAddress?.assumingMemoryBound(to: CChar.self)
            var free = room.count
            let outcome = unsafe iconv(descriptor, &input, &left, &output, &free)
            if outcome == Int(bitPattern: UInt.max) { code = errno }
            return room.count - free
        }
        return (text.count - left, code)
    }
}
