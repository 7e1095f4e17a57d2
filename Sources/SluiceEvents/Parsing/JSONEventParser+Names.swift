// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Names at the root that mean something: the time, metadata, the type, and what the agent adds itself.
extension JSONEventParser {
    func resolveSpecial(_ batch: EventBatch, _ event: Int) {
        if batch.fieldIndex(KeyTable.metadata, of: event) != nil {
            if options.overwriteKeys {
                // It stays a field, which conditions and format strings see; no document has it.
                batch.events[event].flags.insert(.rewritten)
            } else {
                batch.removeField(KeyTable.metadata, of: event)
            }
        }
        guard let place = batch.fieldIndex(KeyTable.timestamp, of: event) else { return }
        guard options.overwriteKeys else {
            batch.removeField(KeyTable.timestamp, of: event)
            return
        }
        let field = batch.fields[place]
        let value = FieldValue(kind: field.kind, bytes: batch.arena.view(field.valueStart, field.valueEnd))
        guard value.kind.isString else {
            batch.removeField(KeyTable.timestamp, of: event)
            addError("@timestamp not overwritten (not string)", batch, event)
            return
        }
        if let time = Timestamp.parse(value.unescaped(in: scratch)) {
            batch.setTime(time.nanoseconds, digits: time.fractionDigits, of: event)
            if value.kind == .string, Self.isStrict(value.content) {
                batch.events[event].flags.insert(.hasTimestampField)
            } else {
                batch.removeField(KeyTable.timestamp, of: event)
            }
            return
        }
        let reason = String(value.string.prefix(64))
        batch.removeField(KeyTable.timestamp, of: event)
        addError("@timestamp not overwritten (parse error on \(reason))", batch, event)
    }

    /// Whether a time that could be read is written as Elasticsearch wants it, so that it can stay as it is: a `T`, a
    /// point, at most nine digits, no leap second, and `Z` or an offset with a colon.
    private static func isStrict(_ text: ByteView) -> Bool {
        guard text.count >= 20, text[10] == UInt8(ascii: "T"), text[17] != UInt8(ascii: "6") else { return false }
        var position = 19
        if text[position] == UInt8(ascii: ".") {
            position += 1
            while position < text.count, text[position] &- 0x30 < 10 { position += 1 }
        }
        guard position <= 29, position < text.count else { return false }
        if text[position] == UInt8(ascii: "Z") { return true }
        return position + 6 == text.count && text[position + 3] == UInt8(ascii: ":")
            && text[position] != UInt8(ascii: ",")
    }

    func resolveType(_ batch: EventBatch, _ event: Int) {
        guard options.overwriteKeys, let key = batch.keys.existingNumber(of: ByteView("type")),
            let place = batch.fieldIndex(key, of: event)
        else { return }
        let field = batch.fields[place]
        let value = FieldValue(kind: field.kind, bytes: batch.arena.view(field.valueStart, field.valueEnd))
        guard value.kind.isString else {
            batch.removeField(key, of: event)
            addError("type not overwritten (not string)", batch, event)
            return
        }
        guard value.content.isEmpty || value.content[0] == UInt8(ascii: "_") else { return }
        let reason = String(value.string.prefix(64))
        batch.removeField(key, of: event)
        addError("type not overwritten (invalid value [\(reason)])", batch, event)
    }

    /// The bits of the fields that an event's source gives; all bits if one of them has none.
    func commonKeys(_ batch: EventBatch, _ event: Int) -> UInt64 {
        let source = batch.source(of: event)
        var bits: UInt64 = 0
        for field in source.common {
            let key = batch.keys.number(of: source.arena.view(field.member.lowerBound + 1..<field.value.lowerBound - 2))
            guard key < 64 else { return .max }
            bits |= 1 << UInt64(key)
        }
        return bits
    }

    /// Where the line and the agent both have a field: objects are merged, otherwise `overwriteKeys` says who wins.
    func resolveCommon(_ batch: EventBatch, _ event: Int) {
        let source = batch.source(of: event)
        for (number, field) in source.common.enumerated() {
            let name = source.arena.view(field.member.lowerBound + 1..<field.value.lowerBound - 2)
            guard let key = batch.keys.existingNumber(of: name), let place = batch.fieldIndex(key, of: event) else {
                continue
            }
            let own = batch.fields[place]
            batch.events[event].withoutCommon |= 1 << UInt8(number)
            let start = batch.arena.count
            batch.arena.append(source.arena.view(field.value))
            let common = start..<batch.arena.count
            if own.kind == .object, field.kind == .object {
                let theirs = Int(own.valueStart)..<Int(own.valueEnd)
                let merged = NestedJSON.merge(
                    options.overwriteKeys ? common : theirs,
                    with: options.overwriteKeys ? theirs : common,
                    depth: 0,
                    arena: batch.arena,
                    batch: batch
                )
                batch.putField(batch.makeField(key: key, kind: .object, value: merged), of: event)
            } else if !options.overwriteKeys {
                batch.putField(batch.makeField(key: key, kind: field.kind, value: common), of: event)
            }
        }
    }
}
