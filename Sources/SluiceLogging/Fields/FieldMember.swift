// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Where one encoded field, `,"key":value`, lies in the bytes that hold it.
struct FieldMember: BitwiseCopyable {
    /// The first eight bytes of the key, the first of them highest; zeros behind a shorter one.
    var prefix: UInt64 = 0
    /// The comma.
    var start: UInt32 = 0
    /// The key's closing quote.
    var keyEnd: UInt32 = 2
    /// Behind the value.
    var end: UInt32 = 2
    /// Ten bits. The lower six choose one bit of 64, by which sets of fields are compared in one instruction.
    var hash: UInt16 = 0
    /// Some layout writes this key itself, or might with underscores behind it.
    var isReserved = false

    @inline(__always) var bit: UInt64 { 1 << UInt64(hash & 63) }
    @inline(__always) var whole: Range<Int> { Int(start)..<Int(end) }
    @inline(__always) var key: Range<Int> { Int(start) + 2..<Int(keyEnd) }
    @inline(__always) var value: Range<Int> { Int(keyEnd) + 2..<Int(end) }

    /// A member with an empty key.
    init() {}

    /// The same, starting elsewhere.
    @inline(__always)
    func moved(to start: Int) -> FieldMember {
        var moved = self
        moved.start = UInt32(truncatingIfNeeded: start)
        moved.keyEnd = moved.start &+ (keyEnd &- self.start)
        moved.end = moved.start &+ (end &- self.start)
        return moved
    }

    /// A member whose value is yet to come.
    @inline(__always)
    init(start: Int, keyEnd: Int, in bytes: ByteArena) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.keyEnd = UInt32(truncatingIfNeeded: keyEnd)
        end = self.keyEnd
        // An arena always has eight bytes to read.
        let count = keyEnd - start - 2
        let word = unsafe ByteView(base: bytes.base + start + 2, count: 8).word(at: 0)
        let kept = count >= 8 ? word : word & ((1 << UInt64(truncatingIfNeeded: count * 8)) &- 1)
        prefix = kept.byteSwapped
        hash = KeyFilter.hash(word: kept, count: count)
    }

    /// How this member's key stands to another's in the order of their bytes: below 0, 0, or above 0.
    func compare(in bytes: ByteArena, to other: FieldMember, in otherBytes: ByteArena) -> Int {
        if prefix != other.prefix { return prefix < other.prefix ? -1 : 1 }
        return bytes.view(key).compare(otherBytes.view(other.key))
    }

    @inline(__always)
    func hasKey(in bytes: ByteArena, of other: FieldMember, in otherBytes: ByteArena) -> Bool {
        prefix == other.prefix && bytes.view(key) == otherBytes.view(other.key)
    }
}
