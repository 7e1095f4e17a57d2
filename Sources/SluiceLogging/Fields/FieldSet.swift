// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Encoded fields, each `,"key":value`, no key twice.
///
/// Keys are as they were given: which of them are reserved differs from layout to layout, and is seen to when a line is
/// written. A set is filled by one thread; a context's is never changed afterwards, and then shared.
@safe
final class FieldSet: @unchecked Sendable {
    let bytes: ByteArena
    let members: FlatArray<FieldMember>
    /// The bits of all members.
    @safe @exclusivity(unchecked) private(set) var mask: UInt64 = 0
    /// A layout may have to rename some member.
    @safe @exclusivity(unchecked) private(set) var hasReserved = false
    /// The members lie in their order without gaps, so that one copy takes them all.
    @safe @exclusivity(unchecked) var isContiguous = true
    /// By which its keys and values are written. Whoever fills the set keeps it alive meanwhile.
    @safe @exclusivity(unchecked) private(set) var policy: Unmanaged<EncodingPolicy> =
        unsafe .passUnretained(.standard)
    @safe @exclusivity(unchecked) private var pending = FieldMember()

    init(capacity: Int = 512) {
        bytes = ByteArena(capacity: capacity)
        members = FlatArray(capacity: max(4, capacity / 32))
    }

    private init(bytes: ByteArena, members: FlatArray<FieldMember>, of other: FieldSet) {
        self.bytes = bytes
        self.members = members
        mask = other.mask
        hasReserved = other.hasReserved
        isContiguous = other.isContiguous
    }

    @inline(__always) var isEmpty: Bool { members.isEmpty }

    /// Begins anew.
    @inline(__always)
    func removeAll(policy: EncodingPolicy) {
        removeAll()
        unsafe self.policy = Unmanaged.passUnretained(policy)
    }

    func removeAll() {
        bytes.removeAll()
        members.removeAll()
        mask = 0
        hasReserved = false
        isContiguous = true
    }

    /// A set with storage of its own.
    func copy() -> FieldSet {
        let members = FlatArray<FieldMember>(capacity: members.count + 1)
        for member in self.members { members.append(member) }
        return FieldSet(bytes: bytes.copy(), members: members, of: self)
    }

    // MARK: Adding

    /// Writes the key of a new field. The value must follow in `bytes`, and then `endMember`.
    ///
    /// - Returns: whether the value is to be redacted because of its key.
    @inline(__always)
    func beginMember(_ key: ByteView, policy: EncodingPolicy) -> Bool {
        let start = bytes.count
        bytes.append(",\"")
        bytes.appendQuickJSONStringContent(key)
        let keyEnd = bytes.count
        bytes.append("\":")
        pending = FieldMember(start: start, keyEnd: keyEnd, in: bytes)
        return judgeKey(policy)
    }

    /// Looks what the policy says of the key that was just written.
    ///
    /// - Returns: whether the value is to be redacted.
    @inline(__always)
    private func judgeKey(_ policy: EncodingPolicy) -> Bool {
        let last = pending.key.isEmpty ? 0 : bytes.view[Int(pending.keyEnd) - 1]
        guard policy.mayConcern(hash: pending.hash, last: last) else { return false }
        return lookUp(policy)
    }

    /// Writes a literal as the key of a new field, under the policy that the set was begun with.
    ///
    /// - Returns: whether the value is already there, because the key says that it is to be redacted.
    @inline(__always)
    func beginField(literal key: ByteView, _ literals: KnownKeys) -> Bool {
        let slot = KnownKeys.slot(of: key)
        guard let entry = literals.find(key, slot: slot) else { return beginUnknown(key, slot: slot, literals) }
        begin(entry.member, text: literals.text(of: entry, slot: slot))
        if entry.isRedacted { unsafe policy._withUnsafeGuaranteedRef { bytes.append($0.redactedValue.view) } }
        return entry.isRedacted
    }

    /// Writes the key of a new field, which may be known from before.
    ///
    /// - Parameter known: holds under the policy.
    /// - Returns: whether the value is to be redacted because of its key.
    @inline(__always)
    func beginMember(_ key: ByteView, policy: EncodingPolicy, _ known: KnownKeys) -> Bool {
        let word = KnownKeys.word(of: key)
        let slot = KnownKeys.slot(of: key, word: word)
        guard let entry = known.find(key, word: word, slot: slot) else {
            let start = bytes.count
            let isRedacted = beginMember(key, policy: policy)
            let text = bytes.view(start..<bytes.count)
            // A key that had to be escaped would be compared with what it is not.
            if text.count == key.count + 4 {
                known.add(key, slot: slot, text: text, member: pending, isRedacted: isRedacted)
            }
            return isRedacted
        }
        begin(entry.member, text: known.text(of: entry, slot: slot))
        return entry.isRedacted
    }

    private func beginUnknown(_ key: ByteView, slot: Int, _ literals: KnownKeys) -> Bool {
        let start = bytes.count
        return unsafe policy._withUnsafeGuaranteedRef { policy in
            let isRedacted = beginMember(key, policy: policy)
            let text = bytes.view(start..<bytes.count)
            literals.add(key, slot: slot, text: text, member: pending, isRedacted: isRedacted)
            if isRedacted { bytes.append(policy.redactedValue.view) }
            return isRedacted
        }
    }

    /// Writes the key of a new field, under the policy that the set was begun with.
    ///
    /// - Returns: whether the value is already there, because the key says that it is to be redacted.
    func beginField(_ key: ByteView) -> Bool {
        unsafe policy._withUnsafeGuaranteedRef { policy in
            guard beginMember(key, policy: policy) else { return false }
            bytes.append(policy.redactedValue.view)
            return true
        }
    }

    private func lookUp(_ policy: EncodingPolicy) -> Bool {
        let key = bytes.view(pending.key)
        pending.isReserved = policy.reserved.contains(key)
        return policy.redacts(key)
    }

    /// Writes the key of a new field as it is known from before.
    ///
    /// - Parameter text: `,"key":`.
    @inline(__always)
    func begin(_ known: FieldMember, text: ByteView) {
        pending = known.moved(to: bytes.count)
        var cursor = ByteCursor(bytes, room: text.count)
        cursor.append(short: text)
        cursor.finish(bytes)
    }

    /// Bytes of the key that was begun, as it is written.
    @inline(__always)
    var pendingKeyCount: Int { pending.key.count }

    /// Ends a field whose key no other can have.
    @inline(__always)
    func endOnlyMember() {
        pending.end = UInt32(truncatingIfNeeded: bytes.count)
        mask |= pending.bit
        if pending.isReserved { hasReserved = true }
        members.append(pending)
    }

    /// Ends the field that was begun. An earlier one of the same key is taken out.
    @inline(__always)
    func endMember() {
        pending.end = UInt32(truncatingIfNeeded: bytes.count)
        if mask & pending.bit != 0 { removeEarlier() }
        endOnlyMember()
    }

    private func removeEarlier() {
        for index in 0..<members.count
        where members[index].hasKey(in: bytes, of: pending, in: bytes) {
            let removed = remove(at: index)
            pending.start -= removed
            pending.keyEnd -= removed
            pending.end -= removed
            return
        }
    }

    /// - Returns: how many bytes it had.
    @discardableResult
    private func remove(at index: Int) -> UInt32 {
        let removed = members[index]
        let length = removed.end - removed.start
        bytes.remove(removed.whole)
        for later in index + 1..<max(index + 1, members.count) {
            members[later - 1] = members[later]
        }
        members.truncate(to: members.count - 1)
        for index in 0..<members.count where members[index].start >= removed.end {
            members[index].start -= length
            members[index].keyEnd -= length
            members[index].end -= length
        }
        return length
    }

    // MARK: Combining

    /// Adds a copy of another set's field.
    func append(_ member: FieldMember, of other: FieldSet) {
        let start = bytes.count
        bytes.append(other.bytes.view(member.whole))
        var copy = member
        copy.start = UInt32(truncatingIfNeeded: start)
        copy.keyEnd = copy.start + (member.keyEnd - member.start)
        copy.end = UInt32(truncatingIfNeeded: bytes.count)
        members.append(copy)
        mask |= member.bit
        if member.isReserved { hasReserved = true }
    }

    /// The same without gaps, and in the members' order.
    func packed() -> FieldSet {
        let packed = FieldSet(capacity: bytes.count)
        for member in members { packed.append(member, of: self) }
        return packed
    }

    /// Whether some field has this key.
    func holds(_ member: FieldMember, of other: FieldSet) -> Bool {
        guard mask & member.bit != 0 else { return false }
        for index in 0..<members.count where members[index].hasKey(in: bytes, of: member, in: other.bytes) {
            return true
        }
        return false
    }

    /// A set with the one field of another set, in the place that its key has in the order of keys, or without it.
    func replacing(with other: FieldSet, isRemoval: Bool) -> FieldSet {
        guard let member = other.members.first else { return self }
        let result = FieldSet(capacity: bytes.count + other.bytes.count)
        var isDone = isRemoval
        for known in members {
            let order = known.compare(in: bytes, to: member, in: other.bytes)
            if order >= 0, !isDone {
                result.append(member, of: other)
                isDone = true
            }
            if order != 0 { result.append(known, of: self) }
        }
        if !isDone { result.append(member, of: other) }
        return result
    }

    /// One copy takes all fields, whatever the layout.
    @inline(__always) var isPlain: Bool { isContiguous && !hasReserved }

    /// Writes all fields for a layout, which keeps some keys to itself.
    func writeEach(to line: ByteArena, reserved: ReservedKeys) {
        guard hasReserved else { return writeInOrder(to: line) }
        for index in 0..<members.count {
            let member = members[index]
            if member.isReserved, reserved.contains(bytes.view(member.key)) {
                line.append(bytes.view(Int(member.start)..<Int(member.keyEnd)))
                line.append(UInt8(ascii: "_"))
                line.append(bytes.view(Int(member.keyEnd)..<Int(member.end)))
            } else {
                line.append(bytes.view(member.whole))
            }
        }
    }

    private func writeInOrder(to line: ByteArena) {
        var cursor = ByteCursor(line, room: bytes.count)
        for index in 0..<members.count {
            let text = bytes.view(members[index].whole)
            if text.count <= 64 { cursor.append(short: text) } else { cursor.append(text) }
        }
        cursor.finish(line)
    }

    /// Storage that one giant line made necessary is given back.
    func shrink(beyond limit: Int, to capacity: Int) {
        if bytes.capacity > limit {
            removeAll()
            bytes.shrink(to: capacity)
        }
    }
}
