// SPDX-License-Identifier: Apache-2.0

extension ByteView {
    /// Whether every byte is a character of ASCII, and none of them NUL: text that needs no second look.
    package var isASCIIText: Bool {
        let high: UInt64 = 0x8080_8080_8080_8080
        let ones: UInt64 = 0x0101_0101_0101_0101
        var position = 0
        // A byte of 0x80 or more has the bit itself; of those below it only NUL gets it by subtraction.
        while position &+ 32 <= count {
            let first = word(at: position)
            let second = word(at: position &+ 8)
            let third = word(at: position &+ 16)
            let fourth = word(at: position &+ 24)
            let found =
                (first | (first &- ones)) | (second | (second &- ones)) | (third | (third &- ones))
                | (fourth | (fourth &- ones))
            if found & high != 0 { return false }
            position &+= 32
        }
        while position < count {
            if self[position] == 0 || self[position] >= 0x80 { return false }
            position &+= 1
        }
        return true
    }

    /// How many bytes are left without the NULs at the end.
    package var countWithoutTrailingNULs: Int {
        var end = count
        while end >= 8, word(at: end - 8) == 0 { end -= 8 }
        while end > 0, self[end - 1] == 0 { end -= 1 }
        return end
    }
}
