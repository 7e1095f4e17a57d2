// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// A list of keys that is asked for every field: most keys that are not in it are told from their hash alone.
///
/// Keys are compared as they stand in JSON, escaped.
struct KeyFilter: Sendable {
    /// By the ten bits of a hash.
    private var bits = InlineArray<16, UInt64>(repeating: 0)
    private var keys: [[UInt8]] = []

    var isEmpty: Bool { keys.isEmpty }

    init(_ keys: [String]) {
        for key in keys { insert(key) }
    }

    mutating func insert(_ key: String) {
        let arena = ByteArena(capacity: 64)
        key.withByteView { _ = arena.appendJSONStringContent($0, isTrusted: false) }
        insert(arena.view)
    }

    private mutating func insert(_ key: ByteView) {
        guard !contains(key) else { return }
        keys.append(key.array)
        let hash = Self.hash(key)
        bits[Int(hash >> 6)] |= 1 << UInt64(hash & 63)
    }

    mutating func insert(_ others: KeyFilter) {
        for key in others.keys { key.withByteView { insert($0) } }
    }

    /// Whether a key of this hash may be in the list, in upper or lower case.
    @inline(__always)
    func mayContain(hash: UInt16) -> Bool { bits[Int(hash >> 6)] >> UInt64(hash & 63) & 1 != 0 }

    func contains(_ key: ByteView) -> Bool {
        guard mayContain(hash: Self.hash(key)) else { return false }
        return keys.contains { $0.count == key.count && $0.withByteView { $0 == key } }
    }

    /// Upper and lower case of ASCII letters are the same here.
    func containsIgnoringCase(_ key: ByteView) -> Bool {
        guard mayContain(hash: Self.hash(key)) else { return false }
        return keys.contains { candidate in
            guard candidate.count == key.count else { return false }
            for index in 0..<key.count where Self.lowercased(candidate[index]) != Self.lowercased(key[index]) {
                return false
            }
            return true
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }

    static func hash(_ key: ByteView) -> UInt16 {
        var word: UInt64 = 0
        for index in 0..<min(8, key.count) { word |= UInt64(key[index]) << UInt64(index * 8) }
        return hash(word: word, count: key.count)
    }

    /// - Parameters:
    ///   - word: the key's first eight bytes, the first of them lowest; zeros behind a shorter key.
    ///   - count: the key's length.
    @inline(__always)
    static func hash(word: UInt64, count: Int) -> UInt16 {
        // Setting this bit in every byte makes letters lower case, and does not tell less of most other keys.
        let folded = (word | 0x2020_2020_2020_2020) ^ UInt64(truncatingIfNeeded: count)
        return UInt16(truncatingIfNeeded: (folded &* 0x9E37_79B9_7F4A_7C15) >> 54)
    }
}
