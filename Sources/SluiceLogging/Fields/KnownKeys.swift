// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// What a thread knows of the keys that it used last: how they are written, and what the policy says of them.
///
/// Literals lie where they are for as long as the process, so that one is known by its address; other keys are compared.
/// A table is used for the one or for the other.
@safe
final class KnownKeys {
    struct Entry: BitwiseCopyable {
        var address: UInt = 0
        /// No key is so short: an empty entry is none's.
        var length = -1
        /// The key as a member; it starts at 0.
        var member = FieldMember()
        var isRedacted = false
    }

    /// A power of two.
    private static let slots = 256
    /// Bytes; what is longer is not kept.
    private static let slotSize = 64

    private let entries = FlatArray<Entry>(capacity: slots)
    private let bytes = ByteArena(capacity: slots * slotSize)
    /// Under which the entries were made. It is kept, so that no other can have its address.
    @safe @exclusivity(unchecked) private var policy: EncodingPolicy

    init(policy: EncodingPolicy) {
        self.policy = policy
        entries.append(repeating: Entry(), count: Self.slots)
        bytes.count = Self.slots * Self.slotSize
    }

    /// Forgets what was learnt under another policy.
    @inline(__always)
    func use(_ policy: EncodingPolicy) {
        if policy !== self.policy { forget(policy) }
    }

    private func forget(_ policy: EncodingPolicy) {
        self.policy = policy
        for slot in 0..<Self.slots { entries[slot] = Entry() }
    }

    // MARK: By address

    @inline(__always)
    static func slot(of key: ByteView) -> Int {
        unsafe Int(truncatingIfNeeded: (UInt(bitPattern: key.base) &* 0x9E37_79B9_7F4A_7C15) >> 56)
    }

    /// What is known of the key; nil if nothing is.
    @inline(__always)
    func find(_ key: ByteView, slot: Int) -> Entry? {
        let entry = entries[slot]
        return unsafe entry.address == UInt(bitPattern: key.base) && entry.length == key.count ? entry : nil
    }

    // MARK: By content

    /// The first eight bytes of a key, the first of them lowest; zeros behind a shorter key.
    @inline(__always)
    static func word(of key: ByteView) -> UInt64 {
        if key.count >= 8 { return key.word(at: 0) }
        var word: UInt64 = 0
        for index in 0..<key.count { word |= UInt64(key[index]) << UInt64(index &* 8) }
        return word
    }

    /// - Parameter word: of the key.
    @inline(__always)
    static func slot(of key: ByteView, word: UInt64) -> Int {
        Int(KeyFilter.hash(word: word, count: key.count)) & (slots - 1)
    }

    /// What is known of the key; nil if nothing is.
    @inline(__always)
    func find(_ key: ByteView, word: UInt64, slot: Int) -> Entry? {
        let entry = entries[slot]
        guard entry.member.prefix == word.byteSwapped, entry.length == key.count else { return nil }
        let start = slot &* Self.slotSize &+ 2
        return key.count <= 8 || bytes.view(start..<(start &+ key.count)) == key ? entry : nil
    }

    // MARK: Both

    /// `,"key":` of what stands in the slot.
    @inline(__always)
    func text(of entry: Entry, slot: Int) -> ByteView {
        let start = slot &* Self.slotSize
        return bytes.view(start..<(start &+ Int(entry.member.keyEnd) &+ 2))
    }

    /// Takes note of a key.
    ///
    /// - Parameters:
    ///   - text: `,"key":`.
    ///   - member: the key as a member, wherever it starts.
    func add(_ key: ByteView, slot: Int, text: ByteView, member: FieldMember, isRedacted: Bool) {
        guard text.count <= Self.slotSize - 8, !key.isEmpty else { return }
        let start = slot * Self.slotSize
        bytes.replace(start..<(start + text.count), with: text)
        entries[slot] = Entry(
            address: unsafe UInt(bitPattern: key.base),
            length: key.count,
            member: member.moved(to: 0),
            isRedacted: isRedacted
        )
    }
}
