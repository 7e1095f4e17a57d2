// SPDX-License-Identifier: Apache-2.0

/// What the bytes of a piece of a file are.
package enum TextContent: Sendable {
    /// UTF-8 without NULs. Of a character that the piece's end cuts nothing is known.
    case text
    /// Some bytes are no UTF-8; there are no NULs.
    case invalid
    /// There are NULs.
    case nul
}

extension ByteView {
    /// What the bytes are: mostly ASCII, which is passed over 32 bytes at a time.
    package var textContent: TextContent {
        let high: UInt64 = 0x8080_8080_8080_8080
        let ones: UInt64 = 0x0101_0101_0101_0101
        var content = TextContent.text
        var position = 0
        while position < count {
            // A byte of 0x80 or more has the bit itself; of those below it only NUL gets it by subtraction.
            while position &+ 32 <= count {
                let first = word(at: position)
                let second = word(at: position &+ 8)
                let third = word(at: position &+ 16)
                let fourth = word(at: position &+ 24)
                let found =
                    (first | (first &- ones)) | (second | (second &- ones)) | (third | (third &- ones))
                    | (fourth | (fourth &- ones))
                if found & high != 0 { break }
                position &+= 32
            }
            let end = min(position &+ 32, count)
            while position < end {
                let byte = self[position]
                if byte == 0 { return .nul }
                if byte < 0x80 {
                    position &+= 1
                    continue
                }
                let length = UTF8Sequence.length(in: self, at: position)
                if length == 0 {
                    // The rest of the character may come with the next piece, if no line ends here.
                    let isCut = count - position < 4 && self[position..<count].firstIndex(of: 0x0a) == nil
                    if !isCut { content = .invalid }
                }
                position &+= max(length, 1)
            }
        }
        return content
    }

    /// How many bytes are left without the NULs at the end.
    package var countWithoutTrailingNULs: Int {
        var end = count
        while end >= 8, word(at: end - 8) == 0 { end -= 8 }
        while end > 0, self[end - 1] == 0 { end -= 1 }
        return end
    }
}
