// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Top-level fields, by key number.
extension EventBatch {
    /// Where an event's field stands in `fields`, or nil.
    @inline(__always)
    package func fieldIndex(_ key: UInt32, of event: Int) -> Int? {
        if key < 64, events[event].keys & (1 << UInt64(key)) == 0 { return nil }
        let first = Int(events[event].firstField)
        let end = first + Int(events[event].fieldCount)
        var index = first
        while index < end {
            if fields[index].key == key, fields[index].kind != .removed { return index }
            index &+= 1
        }
        return nil
    }

    /// Gives an event a field, in the place of one of the same key.
    package func putField(_ field: EventField, of event: Int) {
        if let index = fieldIndex(field.key, of: event) {
            fields[index] = field
            if index - Int(events[event].firstField) < Int(events[event].originalFields) {
                events[event].flags.insert(.rewritten)
            }
        } else {
            appendField(field, of: event)
        }
    }

    /// Adds a field that the event does not have yet.
    package func appendField(_ field: EventField, of event: Int) {
        if events[event].fieldCount == events[event].fieldRoom { moveFields(of: event) }
        guard events[event].fieldCount < events[event].fieldRoom else { return }  // 65,535 fields: no more
        fields[Int(events[event].firstField) + Int(events[event].fieldCount)] = field
        events[event].fieldCount += 1
        if field.key < 64 { events[event].keys |= 1 << UInt64(field.key) }
    }

    private func moveFields(of event: Int) {
        let first = Int(events[event].firstField)
        let count = Int(events[event].fieldCount)
        let room = min(count * 2 + fieldSlack + 1, Int(UInt16.max))
        let start = fields.count
        fields.extend(by: room)
        for index in 0..<count { fields[start + index] = fields[first + index] }
        events[event].firstField = UInt32(start)
        events[event].fieldRoom = UInt16(room)
    }

    /// Takes a field away. Does nothing if there is none.
    @discardableResult
    package func removeField(_ key: UInt32, of event: Int) -> Bool {
        guard let index = fieldIndex(key, of: event) else { return false }
        fields[index].kind = .removed
        if index - Int(events[event].firstField) < Int(events[event].originalFields) {
            events[event].flags.insert(.rewritten)
        }
        if key < 64 { events[event].keys &= ~(1 << UInt64(key)) }
        return true
    }

    /// Runs `body` with the index in `fields` of each field that the event has.
    package func forEachField(of event: Int, _ body: (Int) -> Void) {
        let first = Int(events[event].firstField)
        for index in first..<(first + Int(events[event].fieldCount)) where fields[index].kind != .removed {
            body(index)
        }
    }

    /// Writes `"key":value` into the arena once; many events may be given the field that comes back.
    ///
    /// - Parameter json: the value as JSON text.
    package func makeField(key: String, kind: FieldKind, json: ByteView) -> EventField {
        makeField(key: keys.number(of: key), kind: kind, json: json)
    }

    package func makeField(key: UInt32, kind: FieldKind, json: ByteView) -> EventField {
        // With a comma before it, so that fields made one after the other are one piece of an object.
        arena.append(UInt8(ascii: ","))
        let start = arena.count
        arena.append(keys.member(key))
        let value = arena.count
        arena.append(json)
        return EventField(
            key: key,
            kind: kind,
            memberStart: UInt32(start),
            valueStart: UInt32(value),
            valueEnd: UInt32(arena.count)
        )
    }

    /// A field whose value stands in the arena already. `json` lies in the arena, so it is copied there behind its key.
    func makeField(key: UInt32, kind: FieldKind, value: Range<Int>) -> EventField {
        let start = arena.count
        arena.append(keys.member(key))
        let valueStart = arena.count
        arena.appendCopy(of: value)
        return EventField(
            key: key,
            kind: kind,
            memberStart: UInt32(start),
            valueStart: UInt32(valueStart),
            valueEnd: UInt32(arena.count)
        )
    }

    /// The index of a common field of the event's source that the event still has.
    func commonIndex(_ key: ByteView, of event: Int) -> Int? {
        guard let index = source(of: event).commonIndex(key),
            events[event].withoutCommon & (1 << UInt8(index)) == 0
        else { return nil }
        return index
    }

    /// Makes a field that comes from the source the event's own, so that it can be changed or dropped.
    func materialise(common: Int, of event: Int) {
        let source = source(of: event)
        guard common < source.common.count, events[event].withoutCommon & (1 << UInt8(common)) == 0 else { return }
        events[event].withoutCommon |= 1 << UInt8(common)
        let field = source.common[common]
        let place = SharedMember(segment: events[event].segment, common: common)
        let start: UInt32
        if let known = sharedMembers[place] {
            start = known
        } else {
            start = UInt32(arena.count)
            arena.append(source.arena.view(field.member))
            sharedMembers[place] = start
        }
        let key = keys.number(of: field.key)
        appendField(
            EventField(
                key: key,
                kind: field.kind,
                memberStart: start,
                valueStart: start + UInt32(field.value.lowerBound - field.member.lowerBound),
                valueEnd: start + UInt32(field.member.count)
            ),
            of: event
        )
    }
}
