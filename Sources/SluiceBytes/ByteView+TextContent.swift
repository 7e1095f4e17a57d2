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
    /// What the bytes are: mostly ASCII, which is passed over 64 bytes at a time.
    package var textContent: TextContent {
        var content = TextContent.text
        var position = 0
        while position < count {
            position = endOfASCII(from: position)
            let end = min(position &+ 64, count)
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

    /// From where on the next 64 bytes are not all ASCII without NULs, or are not there.
    private func endOfASCII(from start: Int) -> Int {
        var position = start
        // As signed numbers, such bytes are those above 0.
        let zero = SIMD16<Int8>(repeating: 0)
        while position &+ 64 <= count {
            let first = signedBlock(at: position) .> zero
            let second = signedBlock(at: position &+ 16) .> zero
            let third = signedBlock(at: position &+ 32) .> zero
            let fourth = signedBlock(at: position &+ 48) .> zero
            guard all((first .& second) .& (third .& fourth)) else { return position }
            position &+= 64
        }
        return position
    }

    @inline(__always)
    private func signedBlock(at index: Int) -> SIMD16<Int8> {
        assert(index >= 0 && index + 16 <= count)
        return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<Int8>.self)
    }

    /// How many bytes are left without the NULs at the end.
    package var countWithoutTrailingNULs: Int {
        var end = count
        while end >= 8, word(at: end - 8) == 0 { end -= 8 }
        while end > 0, self[end - 1] == 0 { end -= 1 }
        return end
    }
}
