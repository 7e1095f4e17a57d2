// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Fields by name, nested ones included.
extension EventBatch {
    /// The value that `path` names, or nil. Looks in the event first, then in what its source gives it.
    ///
    /// - Parameter lookup: scratch space of the caller's own, if others read the batch at the same time.
    package func value(_ path: FieldPath, of event: Int, lookup: LookupScratch? = nil) -> FieldValue? {
        let lookup = lookup ?? self.lookup
        if path.isTimestamp { return timestampValue(of: event, lookup.text) }
        if let found = rootValue(path.encodedRests[0], of: event) { return found }
        guard path.components.count > 1, let root = rootValue(path.encodedComponents[0], of: event),
            root.kind == .object
        else { return nil }
        return NestedJSON.find(path, from: 1, in: root.bytes, index: lookup.index)
    }

    private func rootValue(_ name: [UInt8], of event: Int) -> FieldValue? {
        name.withByteView { name in
            if let key = keys.existingNumber(of: name), let field = fieldIndex(key, of: event) {
                let field = fields[field]
                return FieldValue(kind: field.kind, bytes: arena.view(field.valueStart, field.valueEnd))
            }
            if let common = commonIndex(name, of: event) {
                let source = source(of: event)
                let field = source.common[common]
                return FieldValue(kind: field.kind, bytes: source.arena.view(field.value))
            }
            return nil
        }
    }

    private func timestampValue(of event: Int, _ text: ByteArena) -> FieldValue {
        text.removeAll()
        text.append(UInt8(ascii: "\""))
        Timestamp.write(events[event].time, fractionDigits: documentDigits(of: event), to: text)
        text.append(UInt8(ascii: "\""))
        return FieldValue(kind: .string, bytes: text.view)
    }

    /// How many fraction digits `@timestamp` is written with: those of the line, at least three; six where the time is
    /// that of reading.
    package func documentDigits(of event: Int) -> Int {
        events[event].flags.contains(.hasOwnTime) ? max(3, Int(events[event].timeDigits)) : 6
    }

    /// Where the value that `path` names lies in the arena; one that does not lie there is copied there.
    package func locate(_ path: FieldPath, of event: Int) -> (kind: FieldKind, value: Range<Int>)? {
        guard let found = value(path, of: event) else { return nil }
        if let range = arena.range(of: found.bytes) { return (found.kind, range) }
        let start = arena.count
        arena.append(found.bytes)
        return (found.kind, start..<arena.count)
    }

    /// Sets the field that `path` names, and the objects on the way to it.
    ///
    /// - Parameter json: JSON text, not in the batch's own arena (use the other form for that).
    /// - Returns: false, and nothing changed, if something on the way is there and no object.
    @discardableResult
    package func setValue(_ path: FieldPath, kind: FieldKind, json: ByteView, of event: Int) -> Bool {
        guard arena.count < Self.arenaLimit else { return false }
        let start = arena.count
        arena.append(json)
        return setValue(path, kind: kind, value: start..<arena.count, of: event)
    }

    /// The same with a value that stands in the arena.
    @discardableResult
    package func setValue(_ path: FieldPath, kind: FieldKind, value: Range<Int>, of event: Int) -> Bool {
        if path.isTimestamp { return setTimestamp(FieldValue(kind: kind, bytes: arena.view(value)), of: event) }
        guard !path.isBelowTimestamp, arena.count < Self.arenaLimit else { return false }
        own(path.encodedRests[0], of: event)
        let isNested = path.components.count > 1
        let whole = path.encodedRests[0].withByteView {
            isNested ? keys.existingNumber(of: $0) : keys.number(of: $0)
        }
        if let whole, !isNested || fieldIndex(whole, of: event) != nil {
            putField(
                EventField(
                    key: whole,
                    kind: kind,
                    memberStart: EventField.noMember,
                    valueStart: UInt32(value.lowerBound),
                    valueEnd: UInt32(value.upperBound)
                ),
                of: event
            )
            return true
        }
        own(path.encodedComponents[0], of: event)
        let key = path.encodedComponents[0].withByteView { keys.number(of: $0) }
        var object: Range<Int>?
        if let index = fieldIndex(key, of: event) {
            guard fields[index].kind == .object else { return false }
            object = Int(fields[index].valueStart)..<Int(fields[index].valueEnd)
        }
        let value = kind == .text ? quoted(value) : value
        guard let result = NestedJSON.set(path, from: 1, object: object, value: value, arena: arena, batch: self) else {
            return false
        }
        putObject(key, result, of: event)
        return true
    }

    /// Raw text as a JSON string, which is what it has to be inside an object.
    private func quoted(_ text: Range<Int>) -> Range<Int> {
        lookup.text.removeAll()
        lookup.text.appendJSONString(arena.view(text))
        let start = arena.count
        arena.append(lookup.text.view)
        return start..<arena.count
    }

    private func putObject(_ key: UInt32, _ object: Range<Int>, of event: Int) {
        putField(
            EventField(
                key: key,
                kind: .object,
                memberStart: EventField.noMember,
                valueStart: UInt32(object.lowerBound),
                valueEnd: UInt32(object.upperBound)
            ),
            of: event
        )
    }

    private func setTimestamp(_ value: FieldValue, of event: Int) -> Bool {
        guard value.kind.isString, let time = Timestamp.parse(value.unescaped(in: lookup.text)) else { return false }
        setTime(time.nanoseconds, digits: time.fractionDigits, of: event)
        return true
    }

    /// Takes the field that `path` names away. The event's time cannot be taken away.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    package func removeValue(_ path: FieldPath, of event: Int) -> Bool {
        if path.isTimestamp { return false }
        own(path.encodedRests[0], of: event)
        let whole = path.encodedRests[0].withByteView { keys.existingNumber(of: $0) }
        if let whole, removeField(whole, of: event) { return true }
        guard path.components.count > 1, arena.count < Self.arenaLimit else { return false }
        own(path.encodedComponents[0], of: event)
        guard let key = path.encodedComponents[0].withByteView({ keys.existingNumber(of: $0) }),
            let index = fieldIndex(key, of: event), fields[index].kind == .object
        else { return false }
        let object = Int(fields[index].valueStart)..<Int(fields[index].valueEnd)
        guard let result = NestedJSON.remove(path, from: 1, object: object, arena: arena, batch: self) else {
            return false
        }
        putObject(key, result, of: event)
        return true
    }

    /// Makes a field that may come from the source the event's own.
    private func own(_ name: [UInt8], of event: Int) {
        name.withByteView { name in
            if let common = commonIndex(name, of: event) { materialise(common: common, of: event) }
        }
    }

    /// Makes all fields that come from the source the event's own.
    package func ownAllFields(of event: Int) {
        for index in source(of: event).common.indices { materialise(common: index, of: event) }
    }

    /// An index to scan with at a depth of nesting.
    func nestedIndex(_ depth: Int) -> JSONIndex {
        while nestedIndices.count <= depth { nestedIndices.append(JSONIndex()) }
        return nestedIndices[depth]
    }
}
