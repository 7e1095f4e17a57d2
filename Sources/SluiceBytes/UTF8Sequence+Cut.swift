// SPDX-License-Identifier: Apache-2.0

extension UTF8Sequence {
    /// How many bytes of `text` are left if it is cut to `limit` bytes at most, but not within a character. What is no
    /// UTF-8 is cut anywhere.
    package static func cut(_ text: ByteView, to limit: Int) -> Int {
        guard text.count > limit else { return text.count }
        guard limit > 0 else { return 0 }
        var start = limit
        while start > 0, limit - start < 3, text[start] & 0xc0 == 0x80 { start -= 1 }
        let length = length(in: text, at: start)
        return length > limit - start && start < limit ? start : limit
    }
}
