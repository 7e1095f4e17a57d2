// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Fields that many events are given alike. Their text is written into a batch once, and every event gets the same
/// field; only where an event has something to be merged with is there work for the event itself.
///
/// Objects are merged, and everything else that an event has of the same name gives way, as with Filebeat's
/// `add_fields`.
final class SharedFields {
    private struct Member {
        var key: [UInt8]
        var kind: FieldKind
        var json: [UInt8]
    }

    private let members: [Member]
    /// The members as fields of the batch at hand.
    private let fields = FlatArray<EventField>(capacity: 8)
    /// The bits of their keys, if all of them have one.
    private var keys: UInt64 = 0
    private var haveBits = false
    /// Whether the segment's source has a field of one of the names.
    private var meetsCommon = false
    /// For each member: what the segment's source has, merged with it.
    private var mergedCommon: [EventField?] = []

    /// - Parameter tree: an object; its members are the top-level fields.
    init(_ tree: FieldTree) {
        guard case .object(let members) = tree else {
            self.members = []
            return
        }
        self.members = members.map { member in
            let arena = ByteArena(capacity: 64)
            member.tree.append(to: arena)
            return Member(key: FieldPath.encode(member.key), kind: member.tree.kind, json: arena.view.array)
        }
    }

    func add(to batch: EventBatch, selected: EventMask) {
        begin(batch)
        let fields = fields
        let count = fields.count
        let keys = keys
        var segment = UInt32.max
        var isPlain = false
        selected.forEach { event in
            if batch.events[event].segment != segment {
                segment = batch.events[event].segment
                isPlain = enterSegment(segment, batch)
            }
            let used = Int(batch.events[event].fieldCount)
            if isPlain, batch.events[event].keys & keys == 0, Int(batch.events[event].fieldRoom) &- used >= count {
                let row = unsafe batch.fields.base + (Int(batch.events[event].firstField) &+ used)
                let shared = unsafe fields.base
                for number in 0..<count { unsafe row[number] = shared[number] }
                batch.events[event].fieldCount &+= UInt16(truncatingIfNeeded: count)
                batch.events[event].keys |= keys
            } else {
                for number in 0..<count { add(number, batch, event) }
            }
        }
    }

    private func begin(_ batch: EventBatch) {
        fields.removeAll()
        keys = 0
        haveBits = true
        for member in members {
            let key = member.key.withByteView { batch.keys.number(of: $0) }
            fields.append(member.json.withByteView { batch.makeField(key: key, kind: member.kind, json: $0) })
            if key < 64 { keys |= 1 << UInt64(key) } else { haveBits = false }
        }
    }

    /// - Returns: whether nothing but an event's own fields can be in the way.
    private func enterSegment(_ segment: UInt32, _ batch: EventBatch) -> Bool {
        let source = batch.segments[Int(segment)].source
        meetsCommon = members.contains { member in
            member.key.withByteView { source.commonIndex($0) } != nil
        }
        mergedCommon = meetsCommon ? Array(repeating: nil, count: members.count) : []
        return haveBits && !meetsCommon
    }

    private func add(_ number: Int, _ batch: EventBatch, _ event: Int) {
        let field = fields[number]
        if let place = batch.fieldIndex(field.key, of: event) {
            let own = batch.fields[place]
            batch.putField(own.kind == .object && field.kind == .object ? merge(own, field, batch) : field, of: event)
            return
        }
        if meetsCommon, let common = batch.commonIndex(batch.keys.name(field.key), of: event) {
            let source = batch.source(of: event).common[common]
            guard field.kind == .object, source.kind == .object else {
                batch.events[event].withoutCommon |= 1 << UInt8(common)
                batch.appendField(field, of: event)
                return
            }
            if let merged = mergedCommon[number] {
                batch.events[event].withoutCommon |= 1 << UInt8(common)
                batch.appendField(merged, of: event)
            } else {
                batch.materialise(common: common, of: event)
                guard let place = batch.fieldIndex(field.key, of: event) else { return }
                let merged = merge(batch.fields[place], field, batch)
                mergedCommon[number] = merged
                batch.putField(merged, of: event)
            }
            return
        }
        batch.appendField(field, of: event)
    }

    private func merge(_ own: EventField, _ field: EventField, _ batch: EventBatch) -> EventField {
        guard batch.arena.count < EventBatch.arenaLimit else { return own }
        let merged = NestedJSON.merge(
            Int(own.valueStart)..<Int(own.valueEnd),
            with: Int(field.valueStart)..<Int(field.valueEnd),
            depth: 0,
            arena: batch.arena,
            batch: batch
        )
        return batch.makeField(key: field.key, kind: .object, value: merged)
    }
}
