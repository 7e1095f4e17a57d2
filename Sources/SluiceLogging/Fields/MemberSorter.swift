// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Brings the fields of a dictionary into the order of their keys.
///
/// A dictionary of the same keys has them in the same order nearly every time, so the order that was found for such
/// keys before is tried first; whether it fits is seen while it is applied.
final class MemberSorter {
    private static let slots = 32
    /// Of so many members an order is remembered.
    private static let remembered = 32

    private let orders = FlatArray<UInt8>(capacity: slots * remembered)
    private let sorted = FlatArray<FieldMember>(capacity: 64)

    init() { orders.append(repeating: 0, count: Self.slots * Self.remembered) }

    func sort(_ set: FieldSet) {
        let members = set.members
        let count = members.count
        guard count > 1 else { return }
        set.isContiguous = false
        guard count <= Self.remembered else { return sortAnew(members, in: set.bytes) }
        let first = Int(members[0].hash &+ members[1].hash &* 3) &+ count
        let start = (first & (Self.slots - 1)) * Self.remembered
        if apply(start, to: members, in: set.bytes) { return }
        // The end of each member tells them apart: take it as the name of its place.
        sorted.removeAll()
        for index in 0..<count { sorted.append(members[index]) }
        sortAnew(members, in: set.bytes)
        for index in 0..<count {
            let place = sorted.firstIndex { $0.end == members[index].end } ?? 0
            orders[start + index] = UInt8(truncatingIfNeeded: place)
        }
    }

    /// Puts the members into a remembered order, if that is the right one.
    @inline(__always)
    private func apply(_ start: Int, to members: FlatArray<FieldMember>, in bytes: ByteArena) -> Bool {
        let count = members.count
        sorted.removeAll()
        var previous = Int(orders[start])
        guard previous < count else { return false }
        sorted.append(members[previous])
        for index in 1..<count {
            let place = Int(orders[start &+ index])
            guard place < count, members[previous].compare(in: bytes, to: members[place], in: bytes) < 0 else {
                return false
            }
            sorted.append(members[place])
            previous = place
        }
        for index in 0..<count { members[index] = sorted[index] }
        return true
    }

    /// By insertion, because there are few.
    private func sortAnew(_ members: FlatArray<FieldMember>, in bytes: ByteArena) {
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
