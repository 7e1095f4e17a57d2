// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// What a thread knows of the dictionaries that it wrote last: which keys they had in which order, how those are
/// written, and how they are sorted.
///
/// A dictionary of the same keys has them in the same order nearly every time, so that each key has only to be compared
/// with the one that is expected, and the whole need not be sorted.
@safe
final class KnownShapes {
    struct Shape: BitwiseCopyable {
        var slot = 0
        var count = 0
        /// A bit for each key whose value is not to be shown.
        var redacted: UInt32 = 0
    }

    /// A power of two.
    private static let slots = 16
    /// Dictionaries of more keys are not remembered.
    static let maximumCount = 32
    /// Bytes that the keys of a dictionary may take.
    private static let slotSize = 1024

    private let shapes = FlatArray<Shape>(capacity: slots)
    /// The keys as members, in the dictionary's order; they start where their text lies in `bytes`.
    private let members = FlatArray<FieldMember>(capacity: slots * maximumCount)
    /// For each place in the order of the keys, the place in the dictionary's order.
    private let orders = FlatArray<UInt8>(capacity: slots * maximumCount)
    private let bytes = ByteArena(capacity: slots * slotSize)
    private let moved = FlatArray<FieldMember>(capacity: maximumCount)
    /// Under which the shapes were learnt. It is kept, so that no other can have its address.
    @safe @exclusivity(unchecked) private var policy: EncodingPolicy

    init(policy: EncodingPolicy) {
        self.policy = policy
        shapes.append(repeating: Shape(), count: Self.slots)
        members.append(repeating: FieldMember(), count: Self.slots * Self.maximumCount)
        orders.append(repeating: 0, count: Self.slots * Self.maximumCount)
        bytes.count = Self.slots * Self.slotSize
    }

    /// Forgets what was learnt under another policy.
    @inline(__always)
    func use(_ policy: EncodingPolicy) {
        if policy !== self.policy { forget(policy) }
    }

    private func forget(_ policy: EncodingPolicy) {
        self.policy = policy
        for slot in 0..<Self.slots { shapes[slot] = Shape() }
    }

    // MARK: Using

    @inline(__always)
    private static func slot(first key: ByteView, count: Int) -> Int {
        (Int(KeyFilter.hash(word: KnownKeys.word(of: key), count: key.count)) &+ count) & (slots - 1)
    }

    /// What a dictionary of so many keys looks like, of which this is the first; a shape without keys if nothing is known.
    @inline(__always)
    func shape(first key: ByteView, count: Int) -> Shape {
        let shape = shapes[Self.slot(first: key, count: count)]
        return shape.count == count ? shape : Shape()
    }

    /// The key that a shape has at a place, as a member, if it is this one.
    @inline(__always)
    func find(_ key: ByteView, at place: Int, of shape: Shape) -> FieldMember? {
        guard place < shape.count else { return nil }
        let member = members[shape.slot &* Self.maximumCount &+ place]
        let known = bytes.view(member.key)
        guard known.count == key.count else { return nil }
        if key.count < 8 { return KnownKeys.word(of: key) == member.prefix.byteSwapped ? member : nil }
        // The last eight bytes may overlap those before them.
        var position = 0
        while position < key.count &- 8 {
            guard key.word(at: position) == known.word(at: position) else { return nil }
            position &+= 8
        }
        return key.word(at: key.count &- 8) == known.word(at: key.count &- 8) ? member : nil
    }

    /// `,"key":` of a member that was found.
    @inline(__always)
    func text(of member: FieldMember) -> ByteView { bytes.view(Int(member.start)..<Int(member.keyEnd) &+ 2) }

    /// Brings the members of a dictionary that has this shape into the order of their keys.
    @inline(__always)
    func sort(_ members: FlatArray<FieldMember>, as shape: Shape) {
        moved.removeAll()
        for place in 0..<shape.count { moved.append(members[place]) }
        let start = shape.slot &* Self.maximumCount
        for place in 0..<shape.count { members[place] = moved[Int(orders[start &+ place])] }
    }

    // MARK: Learning

    /// Sorts the members of a dictionary and remembers its shape.
    ///
    /// - Parameters:
    ///   - members: in the dictionary's order.
    ///   - text: in which the members lie.
    ///   - redacted: a bit for each key whose value was not to be shown.
    ///   - isPlain: no key had to be escaped. One that had would be compared with what it is not.
    func sortAndLearn(_ members: FlatArray<FieldMember>, in text: ByteArena, redacted: UInt32, isPlain: Bool) {
        let count = members.count
        let size = members.reduce(0) { $0 + $1.key.count + 4 }
        guard isPlain, count <= Self.maximumCount, size <= Self.slotSize - 16, let first = members.first else {
            return Self.sort(members, in: text)
        }
        let slot = Self.slot(first: text.view(first.key), count: count)
        var start = slot * Self.slotSize
        for place in 0..<count {
            let member = members[place]
            let key = text.view(Int(member.start)..<Int(member.keyEnd) + 2)
            bytes.replace(start..<start + key.count, with: key)
            self.members[slot * Self.maximumCount + place] = member.moved(to: start)
            start += key.count
        }
        Self.sort(members, in: text)
        for place in 0..<count {
            // The hash and the beginning may be the same for two keys; the whole is not.
            let member = members[place]
            let known = (0..<count).first {
                self.members[slot * Self.maximumCount + $0].hasKey(in: bytes, of: member, in: text)
            }
            orders[slot * Self.maximumCount + place] = UInt8(truncatingIfNeeded: known ?? place)
        }
        shapes[slot] = Shape(slot: slot, count: count, redacted: redacted)
    }

    /// By insertion, because there are few.
    static func sort(_ members: FlatArray<FieldMember>, in bytes: ByteArena) {
        var sorted = 1
        while sorted < members.count {
            let member = members[sorted]
            var index = sorted
            while index > 0, member.compare(in: bytes, to: members[index - 1], in: bytes) < 0 {
                members[index] = members[index - 1]
                index -= 1
            }
            members[index] = member
            sorted += 1
        }
    }
}
