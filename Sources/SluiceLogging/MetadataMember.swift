// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Where one encoded piece of metadata, `,"key":value`, lies in the bytes that hold it.
struct MetadataMember {
    /// The first eight bytes of the key, the first of them highest, so that most comparisons are one instruction.
    var prefix: UInt64
    var start: Int
    /// The key between its quotes, escaped.
    var keyEnd: Int
    /// Behind the value.
    var end: Int

    var keyStart: Int { start + 2 }

    /// - Parameters:
    ///   - start: where the comma is.
    ///   - keyEnd: where the key's closing quote is.
    ///   - end: behind the value.
    ///   - bytes: what the offsets count in.
    init(start: Int, keyEnd: Int, end: Int, in bytes: ByteView) {
        self.start = start
        self.keyEnd = keyEnd
        self.end = end
        prefix = Self.prefix(of: bytes[(start + 2)..<keyEnd])
    }

    func key(in bytes: ByteView) -> ByteView { bytes[keyStart..<keyEnd] }

    static func prefix(of key: ByteView) -> UInt64 {
        if key.count >= 8 { return key.word(at: 0).byteSwapped }
        var prefix: UInt64 = 0
        for index in 0..<8 { prefix = prefix << 8 | (index < key.count ? UInt64(key[index]) : 0) }
        return prefix
    }

    /// How this member's key stands to another's in the order of their bytes: below 0, 0, or above 0.
    func compare(in bytes: ByteView, to other: MetadataMember, in otherBytes: ByteView) -> Int {
        if prefix != other.prefix { return prefix < other.prefix ? -1 : 1 }
        let left = key(in: bytes)
        let right = other.key(in: otherBytes)
        let common = min(left.count, right.count)
        var index = min(8, common)
        while index < common {
            if left[index] != right[index] { return left[index] < right[index] ? -1 : 1 }
            index += 1
        }
        return left.count - right.count
    }
}
