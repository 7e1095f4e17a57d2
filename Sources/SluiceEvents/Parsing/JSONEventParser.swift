// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Parses each line as a JSON object. Top-level values are found and left where they stand.
package final class JSONEventParser: EventParser {
    private let options: JSONParserOptions
    private let messagePath: FieldPath?
    private let index = JSONIndex()
    private let scratch = ByteArena(capacity: 1024)
    /// The key numbers of the last line, in order: the next line's are most likely the same.
    private let lastKeys = FlatArray<UInt32>(capacity: 64)

    package init(_ options: JSONParserOptions = JSONParserOptions()) {
        self.options = options
        messagePath = options.messageKey.map { FieldPath($0) }
    }

    package func parse(_ batch: EventBatch) -> Int {
        var failures = 0
        lastKeys.removeAll()
        let timestamp = batch.keys.number(of: "@timestamp")
        let metadata = batch.keys.number(of: "@metadata")
        let special: UInt64 =
            (timestamp < 64 ? 1 << UInt64(timestamp) : .max) | (metadata < 64 ? 1 << UInt64(metadata) : .max)
        for event in 0..<batch.events.count {
            let start = Int(batch.events[event].textStart)
            let text = batch.arena.view(start..<Int(batch.events[event].textEnd))
            do throws(JSONError) {
                try JSONScanner.scan(text, origin: start, into: index)
                guard index.kind == .object else { throw JSONError(.notAnObject, at: 0) }
            } catch {
                failures += 1
                fail(batch, event, error.description)
                continue
            }
            if options.keysUnderRoot {
                takeMembers(batch, event)
                if batch.events[event].keys & special != 0 { resolveSpecial(batch, event, timestamp, metadata) }
                let common = batch.source(of: event).common
                if !common.isEmpty { resolveCommon(batch, event) }
                if options.expandKeys { expandKeys(batch, event) }
            } else {
                reserveFields(batch, event, 0)
                let field = batch.makeField(
                    key: batch.keys.number(of: "json"),
                    kind: .object,
                    value: index.start..<index.end
                )
                batch.appendField(field, of: event)
            }
            batch.events[event].flags.insert(.parsed)
            if let messagePath { checkMessage(batch, event, messagePath) }
        }
        return failures
    }

    private func reserveFields(_ batch: EventBatch, _ event: Int, _ count: Int) {
        let room = min(count + batch.fieldSlack, Int(UInt16.max))
        batch.events[event].firstField = UInt32(batch.fields.count)
        batch.events[event].fieldRoom = UInt16(room)
        batch.fields.append(
            repeating: EventField(key: 0, kind: .removed, memberStart: 0, valueStart: 0, valueEnd: 0),
            count: room
        )
    }

    /// Makes the scanned object's members the event's fields.
    private func takeMembers(_ batch: EventBatch, _ event: Int) {
        let count = min(index.children.count, Int(UInt16.max) - batch.fieldSlack)
        reserveFields(batch, event, count)
        let first = Int(batch.events[event].firstField)
        var present: UInt64 = 0
        var hasDuplicate = false
        for number in 0..<count {
            let child = index.children[number]
            let name = batch.arena.view(child.keyStart, child.keyEnd)
            var key: UInt32
            if number < lastKeys.count, batch.keys.name(lastKeys[number]) == name {
                key = lastKeys[number]
            } else {
                key = child.keyIsEscaped ? unescapedKey(name, batch) : batch.keys.number(of: name)
                if number < lastKeys.count { lastKeys[number] = key } else { lastKeys.append(key) }
            }
            if key < 64 {
                let bit: UInt64 = 1 << UInt64(key)
                if present & bit != 0 { hasDuplicate = true }
                present |= bit
            } else {
                for earlier in first..<(first + number) where batch.fields[earlier].key == key { hasDuplicate = true }
            }
            batch.fields[first + number] = EventField(
                key: key,
                kind: FieldKind(child.kind),
                memberStart: child.keyStart &- 1,
                valueStart: child.valueStart,
                valueEnd: child.valueEnd
            )
        }
        batch.events[event].fieldCount = UInt16(count)
        batch.events[event].originalFields = UInt16(count)
        batch.events[event].keys = present
        batch.events[event].bodyStart = UInt32(index.start + 1)
        batch.events[event].bodyEnd = UInt32(index.end - 1)
        if count < index.children.count { batch.events[event].flags.insert(.rewritten) }
        if hasDuplicate { dropDuplicates(batch, event) }
    }

    /// Of several members of one name the last counts; Elasticsearch refuses documents that have both.
    private func dropDuplicates(_ batch: EventBatch, _ event: Int) {
        let first = Int(batch.events[event].firstField)
        let end = first + Int(batch.events[event].fieldCount)
        for index in first..<end {
            for later in (index + 1)..<max(end, index + 1) where batch.fields[later].key == batch.fields[index].key {
                batch.fields[index].kind = .removed
                break
            }
        }
        batch.events[event].flags.insert(.rewritten)
    }

    /// A key written with escapes, as the table has it: with no more escapes than needed.
    private func unescapedKey(_ name: ByteView, _ batch: EventBatch) -> UInt32 {
        let plain = ByteArena(capacity: name.count + 8)
        plain.appendUnescaped(name)
        scratch.removeAll()
        scratch.appendJSONStringContent(plain.view, isTrusted: false)
        return batch.keys.number(of: scratch.view)
    }

    // MARK: Names that mean something

    private func resolveSpecial(_ batch: EventBatch, _ event: Int, _ timestamp: UInt32, _ metadata: UInt32) {
        batch.removeField(metadata, of: event)
        guard let place = batch.fieldIndex(timestamp, of: event) else { return }
        guard options.overwriteKeys else {
            batch.removeField(timestamp, of: event)
            return
        }
        let field = batch.fields[place]
        let value = FieldValue(kind: field.kind, bytes: batch.arena.view(field.valueStart, field.valueEnd))
        if value.kind.isString, let time = Timestamp.parse(value.content) {
            batch.setTime(time.nanoseconds, digits: time.fractionDigits, of: event)
            batch.events[event].flags.insert(.hasTimestampField)
            return
        }
        let reason = value.kind.isString ? "parse error on \(value.content.string.prefix(64))" : "not string"
        batch.removeField(timestamp, of: event)
        addError("@timestamp not overwritten (\(reason))", batch, event)
    }

    /// Where the line and the agent both have a field: objects are merged, otherwise `overwriteKeys` says who wins.
    private func resolveCommon(_ batch: EventBatch, _ event: Int) {
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

    private func expandKeys(_ batch: EventBatch, _ event: Int) {
        var dotted: [Int] = []
        batch.forEachField(of: event) { place in
            let field = batch.fields[place]
            if batch.keys.name(field.key).firstIndex(of: UInt8(ascii: ".")) != nil || field.kind == .object {
                dotted.append(place)
            }
        }
        for place in dotted {
            let field = batch.fields[place]
            var value = Int(field.valueStart)..<Int(field.valueEnd)
            if field.kind == .object {
                guard
                    let expanded = NestedJSON.expand(value, depth: 0, arena: batch.arena, batch: batch)
                else { continue }
                value = expanded
            }
            let path = FieldPath(batch.keys.name(field.key).string)
            batch.removeField(field.key, of: event)
            if !batch.setValue(path, kind: field.kind, value: value, of: event) {
                addError("cannot expand \"\(path)\": a part of it is there and no object", batch, event)
            }
        }
    }

    private func checkMessage(_ batch: EventBatch, _ event: Int, _ path: FieldPath) {
        guard options.keysUnderRoot else { return }
        guard let value = batch.value(path, of: event) else {
            addError("Key '\(path)' not found", batch, event)
            return
        }
        if !value.kind.isString { addError("Value of key '\(path)' is not a string", batch, event) }
    }

    private func fail(_ batch: EventBatch, _ event: Int, _ reason: String) {
        reserveFields(batch, event, 1)
        batch.appendText(key: batch.keys.number(of: options.messageKey ?? "message"), of: event)
        addError("Error decoding JSON: \(reason)", batch, event)
    }

    private func addError(_ message: String, _ batch: EventBatch, _ event: Int) {
        guard options.addErrorKey else { return }
        scratch.removeAll()
        scratch.append("{\"message\":")
        scratch.appendJSONString(message)
        scratch.append(",\"type\":\"json\"}")
        batch.putField(batch.makeField(key: "error", kind: .object, json: scratch.view), of: event)
    }
}
