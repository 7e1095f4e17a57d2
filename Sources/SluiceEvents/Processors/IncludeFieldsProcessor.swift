// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// `include_fields`: leaves only the named fields. The event's time and `@metadata` always stay.
package final class IncludeFieldsProcessor: Processor {
    private let paths: [FieldPath]
    /// Where the values of nested names lie while everything else goes.
    private let kept = FlatArray<EventField>(capacity: 16)

    package init?(_ section: ConfigurationSection) {
        guard let paths = FieldNames.read(section) else { return nil }
        self.paths = paths.filter { !$0.isTimestamp && !$0.isBelowTimestamp }
    }

    package func process(_ batch: EventBatch, selected: EventMask) {
        // Keys that stay as they are: the names taken literally.
        let whole = FlatArray<UInt32>(capacity: paths.count + 2)
        whole.append(KeyTable.timestamp)
        whole.append(KeyTable.metadata)
        for path in paths {
            if let key = path.encodedRests[0].withByteView({ batch.keys.existingNumber(of: $0) }) { whole.append(key) }
        }
        let nested = paths.filter { $0.components.count > 1 }
        var segment = UInt32.max
        var droppedCommon: UInt8 = 0
        selected.forEach { event in
            if batch.events[event].segment != segment {
                segment = batch.events[event].segment
                droppedCommon = commonToDrop(of: batch.source(of: event))
            }
            kept.removeAll()
            for (number, path) in nested.enumerated() {
                guard let found = batch.locate(path, of: event) else { continue }
                kept.append(
                    EventField(
                        key: UInt32(number),
                        kind: found.kind,
                        memberStart: EventField.noMember,
                        valueStart: UInt32(found.value.lowerBound),
                        valueEnd: UInt32(found.value.upperBound)
                    )
                )
            }
            batch.events[event].withoutCommon |= droppedCommon
            removeFields(of: event, but: whole, batch)
            for number in 0..<kept.count {
                let field = kept[number]
                let value = Int(field.valueStart)..<Int(field.valueEnd)
                batch.setValue(nested[Int(field.key)], kind: field.kind, value: value, of: event)
            }
        }
    }

    private func removeFields(of event: Int, but whole: FlatArray<UInt32>, _ batch: EventBatch) {
        let first = Int(batch.events[event].firstField)
        for place in first..<(first + Int(batch.events[event].fieldCount)) where batch.fields[place].kind != .removed {
            let key = batch.fields[place].key
            var isKept = false
            for number in 0..<whole.count where whole[number] == key { isKept = true }
            if !isKept { batch.removeField(key, of: event) }
        }
    }

    /// The bits of the source's fields that are not named.
    private func commonToDrop(of source: EventSource) -> UInt8 {
        var bits: UInt8 = 0
        for (number, field) in source.common.enumerated() where !paths.contains(where: { $0.text == field.key }) {
            bits |= 1 << UInt8(number)
        }
        return bits
    }
}
