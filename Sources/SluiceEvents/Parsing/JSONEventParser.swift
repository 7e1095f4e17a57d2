// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Parses each line as a JSON object. Top-level values are found and left where they stand.
package final class JSONEventParser: EventParser {
    let options: JSONParserOptions
    private let messagePath: FieldPath?
    private let index = JSONIndex(remembersKeys: true)
    private let expander = KeyExpander()
    let scratch = ByteArena(capacity: 1024)
    private let plainKey = ByteArena(capacity: 256)
    /// The keys of the last line, in order: the next line's are most likely the same.
    private let lastKeys = FlatArray<LastKey>(capacity: 64)
    private struct LastKey: BitwiseCopyable {
        /// What the index calls it.
        var serial: UInt32
        /// Its number in the batch.
        var number: UInt32
    }
    /// How many members the last line had; 0 if one of them stood there twice.
    @safe @exclusivity(unchecked) private var lastMembers = 0
    /// Bit k: the last line had a member with key number k (of the first 64 keys).
    @safe @exclusivity(unchecked) private var lastPresent: UInt64 = 0
    /// For each key past the 64th, the number of the last event that had it, and 1.
    private let lastEvent = FlatArray<UInt32>(capacity: 64)

    package init(_ options: JSONParserOptions = JSONParserOptions()) {
        self.options = options
        messagePath = options.messageKey.map { FieldPath(options.keysUnderRoot ? $0 : "json.\($0)") }
    }

    package func parse(_ batch: EventBatch) -> Int {
        var failures = 0
        lastKeys.removeAll()
        lastMembers = 0
        lastEvent.removeAll()
        let special: UInt64 = 1 << UInt64(KeyTable.timestamp) | 1 << UInt64(KeyTable.metadata)
        var segment = UInt32.max
        var commonKeys: UInt64 = 0
        for event in 0..<batch.events.count {
            if let reason = scan(batch, event) {
                failures += 1
                fail(batch, event, reason)
                continue
            }
            batch.events[event].flags.insert(.parsed)
            let conflict = options.expandKeys ? expandKeys(batch) : nil
            if options.keysUnderRoot {
                takeMembers(batch, event)
                if batch.events[event].keys & special != 0 { resolveSpecial(batch, event) }
                if options.checksType { resolveType(batch, event) }
                if batch.events[event].segment != segment {
                    segment = batch.events[event].segment
                    commonKeys = self.commonKeys(batch, event)
                }
                if batch.events[event].keys & commonKeys != 0 || commonKeys == .max { resolveCommon(batch, event) }
            } else {
                takeWhole(batch, event)
            }
            if let conflict { addError(conflict, batch, event) }
            if let messagePath { checkMessage(batch, event, messagePath) }
        }
        return failures
    }

    /// Scans an event's text.
    ///
    /// - Returns: why it cannot be used, or nil.
    private func scan(_ batch: EventBatch, _ event: Int) -> String? {
        let start = Int(batch.events[event].textStart)
        let text = batch.arena.view(start..<Int(batch.events[event].textEnd))
        do throws(JSONError) {
            try JSONScanner.scan(text, origin: start, into: index)
            guard index.kind == .object else { throw JSONError(.notAnObject, at: 0) }
        } catch {
            return error.description
        }
        let most = Int(UInt16.max) - batch.fieldSlack
        if options.keysUnderRoot, index.children.count > most { return "the object has more than \(most) members" }
        if index.hasLineFeed { replaceLineFeeds(batch.arena) }
        return nil
    }

    /// A document is one line of a bulk request, so no line feed may stay between an object's tokens.
    private func replaceLineFeeds(_ arena: ByteArena) {
        var position = index.start
        while let next = arena.view(position..<index.end).firstIndex(of: 0x0a) {
            arena.replace(at: position + next, with: 0x20)
            position += next + 1
        }
    }

    // MARK: Fields

    private func reserveFields(_ batch: EventBatch, _ event: Int, _ count: Int) {
        let room = min(count + batch.fieldSlack, Int(UInt16.max))
        batch.events[event].firstField = UInt32(batch.fields.count)
        batch.events[event].fieldRoom = UInt16(room)
        batch.fields.extend(by: room)
    }

    /// Makes the scanned object the field `json`.
    private func takeWhole(_ batch: EventBatch, _ event: Int) {
        reserveFields(batch, event, 0)
        batch.appendField(
            EventField(
                key: batch.keys.number(of: ByteView("json")),
                kind: .object,
                memberStart: EventField.noMember,
                valueStart: UInt32(index.start),
                valueEnd: UInt32(index.end)
            ),
            of: event
        )
    }

    /// Makes the scanned object's members the event's fields.
    private func takeMembers(_ batch: EventBatch, _ event: Int) {
        let count = index.children.count
        reserveFields(batch, event, count)
        let first = Int(batch.events[event].firstField)
        var hasDuplicate = false
        if !takeKnownMembers(batch, first) {
            lastMembers = 0
            var present: UInt64 = 0
            for number in 0..<count {
                let child = index.children[number]
                let key = findKey(child, place: number, batch)
                if key < 64 {
                    let bit: UInt64 = 1 << UInt64(key)
                    if present & bit != 0 { hasDuplicate = true }
                    present |= bit
                } else if mark(key, UInt32(truncatingIfNeeded: event) &+ 1) {
                    hasDuplicate = true
                }
                batch.fields[first + number] = EventField(child, key: key)
            }
            lastPresent = present
            if !hasDuplicate { lastMembers = count }
        }
        batch.events[event].fieldCount = UInt16(truncatingIfNeeded: count)
        batch.events[event].originalFields = UInt16(truncatingIfNeeded: count)
        batch.events[event].keys = lastPresent
        batch.events[event].bodyStart = UInt32(truncatingIfNeeded: index.start &+ 1)
        batch.events[event].bodyEnd = UInt32(truncatingIfNeeded: index.end &- 1)
        if hasDuplicate { dropDuplicates(batch, event) }
    }

    /// The quick way for a line that has the keys of the last one, in the same order.
    ///
    /// - Returns: false if it is not such a line; then nothing is done.
    private func takeKnownMembers(_ batch: EventBatch, _ first: Int) -> Bool {
        let count = index.children.count
        guard count == lastMembers, count > 0 else { return false }
        // The rows do not move meanwhile, which the compiler cannot know.
        let (children, keys) = unsafe (index.children.base, lastKeys.base)
        let fields = unsafe batch.fields.base + first
        for number in 0..<count {
            let child = unsafe children[number]
            let last = unsafe keys[number]
            guard child.keySerial == last.serial, child.keySerial != 0 else { return false }
            unsafe fields[number] = EventField(child, key: last.number)
        }
        return true
    }

    private func findKey(_ child: JSONIndex.Child, place: Int, _ batch: EventBatch) -> UInt32 {
        let name = batch.arena.view(child.keyStart, child.keyEnd)
        let key: UInt32
        if place < lastKeys.count, child.keySerial != 0, lastKeys[place].serial == child.keySerial {
            return lastKeys[place].number
        }
        if place < lastKeys.count, !child.keyIsEscaped, batch.keys.name(lastKeys[place].number) == name {
            key = lastKeys[place].number
        } else {
            key = child.keyIsEscaped ? unescapedKey(name, batch) : batch.keys.number(of: name)
        }
        let last = LastKey(serial: child.keySerial, number: key)
        if place < lastKeys.count { lastKeys[place] = last } else { lastKeys.append(last) }
        return key
    }

    /// Of several members of one name the last counts; Elasticsearch refuses documents that have both.
    private func dropDuplicates(_ batch: EventBatch, _ event: Int) {
        let first = Int(batch.events[event].firstField)
        var place = first + Int(batch.events[event].fieldCount)
        var present: UInt64 = 0
        while place > first {
            place -= 1
            let key = batch.fields[place].key
            let isTaken: Bool
            if key < 64 {
                isTaken = present & (1 << UInt64(key)) != 0
                present |= 1 << UInt64(key)
            } else {
                // No batch has as many events as the highest bit says.
                isTaken = mark(key, (UInt32(truncatingIfNeeded: event) &+ 1) | 1 << 31)
            }
            if isTaken { batch.fields[place].kind = .removed }
        }
        batch.events[event].flags.insert(.rewritten)
    }

    /// Notes that a key was met.
    ///
    /// - Returns: whether it had been met with this number before.
    private func mark(_ key: UInt32, _ number: UInt32) -> Bool {
        if Int(key) >= lastEvent.count { lastEvent.append(repeating: 0, count: Int(key) + 1 - lastEvent.count) }
        if lastEvent[Int(key)] == number { return true }
        lastEvent[Int(key)] = number
        return false
    }

    /// A key written with escapes, as the table has it: with no more escapes than needed.
    private func unescapedKey(_ name: ByteView, _ batch: EventBatch) -> UInt32 {
        plainKey.removeAll()
        plainKey.appendUnescaped(name)
        scratch.removeAll()
        scratch.appendJSONStringContent(plainKey.view, isTrusted: false)
        return batch.keys.number(of: scratch.view)
    }

    /// Puts an object with its dotted keys taken apart in the place of the scanned one.
    ///
    /// - Returns: why that is not possible, or nil.
    private func expandKeys(_ batch: EventBatch) -> String? {
        do throws(KeyExpander.Conflict) {
            guard let object = try expander.expand(index.start..<index.end, in: batch.arena) else { return nil }
            try? JSONScanner.scan(batch.arena.view(object), origin: object.lowerBound, into: index)
        } catch {
            return "cannot expand \"\(error.key)\": found conflicting key"
        }
        return nil
    }

    // MARK: What goes wrong

    private func checkMessage(_ batch: EventBatch, _ event: Int, _ path: FieldPath) {
        let key = options.messageKey ?? ""
        guard let value = batch.value(path, of: event) else {
            addError("Key '\(key)' not found", batch, event)
            return
        }
        if !value.kind.isString { addError("Value of key '\(key)' is not a string", batch, event) }
    }

    private func fail(_ batch: EventBatch, _ event: Int, _ reason: String) {
        reserveFields(batch, event, 2)
        guard options.addErrorKey, let messageKey = options.messageKey else {
            batch.appendText(key: batch.keys.number(of: ByteView("message")), of: event)
            addError("Error decoding JSON: \(reason)", batch, event)
            return
        }
        if options.keysUnderRoot {
            batch.appendText(key: batch.keys.number(of: messageKey), of: event)
            addError("Error decoding JSON: \(reason)", batch, event)
        } else {
            addError("Error decoding JSON: \(reason)", batch, event)
            let text = Int(batch.events[event].textStart)..<Int(batch.events[event].textEnd)
            if let messagePath { batch.setValue(messagePath, kind: .text, value: text, of: event) }
        }
    }

    private static let error = FieldPath("error")
    private static let nestedError = FieldPath("json.error")

    /// Sets the field `error`, beside the other fields of the line.
    func addError(_ message: String, _ batch: EventBatch, _ event: Int) {
        guard options.addErrorKey else { return }
        scratch.removeAll()
        scratch.append("{\"message\":")
        scratch.appendJSONString(message)
        scratch.append(",\"type\":\"json\"}")
        let path = options.keysUnderRoot ? Self.error : Self.nestedError
        batch.setValue(path, kind: .object, json: scratch.view, of: event)
    }
}
