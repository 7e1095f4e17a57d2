// SPDX-License-Identifier: Apache-2.0

import CProcessor
package import SluiceBytes

/// Writes events as JSON objects. What nobody changed is copied in one piece, and what was added is spliced in.
///
/// `@metadata` is never written: it is there for conditions and format strings.
package struct DocumentEncoder {
    /// Whether `@timestamp` is written, where it does not stand among the fields already.
    package var writesTimestamp: Bool
    private var timestamps = TimestampWriter()

    package init(writesTimestamp: Bool) { self.writesTimestamp = writesTimestamp }

    /// Writes one event.
    ///
    /// - Parameter omitted: fields of these key numbers are left out (of the first 64 keys, a bit each).
    package mutating func encode(_ batch: EventBatch, _ number: Int, omitted: UInt64 = 0, to output: ByteArena) {
        let event = batch.events[number]
        fetchFields(of: number + 1, batch)
        let start = output.count + 1
        if writesTimestamp, !event.flags.contains(.hasTimestampField) {
            output.append("{\"@timestamp\":\"")
            timestamps.write(event.time, fractionDigits: batch.documentDigits(of: number), to: output)
            output.append(UInt8(ascii: "\""))
        } else {
            output.append(UInt8(ascii: "{"))
        }
        var field = Int(event.firstField)
        let end = field + Int(event.fieldCount)
        if !event.flags.contains(.rewritten), event.keys & omitted == 0, event.originalFields > 0 {
            if output.count > start { output.append(UInt8(ascii: ",")) }
            output.append(batch.arena.view(event.bodyStart, event.bodyEnd))
            field += Int(event.originalFields)
        }
        while field < end {
            let value = batch.fields[field]
            field += 1
            if value.kind == .removed || value.key == KeyTable.metadata { continue }
            if value.key < 64, omitted & (1 << UInt64(value.key)) != 0 { continue }
            if output.count > start { output.append(UInt8(ascii: ",")) }
            if value.memberStart != EventField.noMember {
                var pieceEnd = value.valueEnd
                // Members that stand one behind the other are copied in one piece.
                while field < end {
                    let next = batch.fields[field]
                    guard next.memberStart == pieceEnd &+ 1, batch.arena.view[Int(pieceEnd)] == UInt8(ascii: ","),
                        next.kind != .removed, next.key != KeyTable.metadata,
                        next.key >= 64 || omitted & (1 << UInt64(next.key)) == 0
                    else { break }
                    pieceEnd = next.valueEnd
                    field += 1
                }
                output.appendNear(batch.arena.view(value.memberStart, pieceEnd))
            } else {
                output.append(batch.keys.member(value.key))
                Self.append(value, batch, to: output)
            }
        }
        appendCommon(batch, event, isFirst: output.count == start, to: output)
        output.append(UInt8(ascii: "}"))
    }

    /// The fields of a batch are more than a processor has near it. Has those that were added to an event fetched while
    /// the one before is written.
    @inline(__always)
    private func fetchFields(of number: Int, _ batch: EventBatch) {
        guard number < batch.events.count else { return }
        let place = Int(batch.events[number].firstField) + Int(batch.events[number].originalFields)
        unsafe sluice_prefetch(batch.fields.base + min(place, batch.fields.count))
    }

    @inline(__always)
    private func appendCommon(_ batch: EventBatch, _ event: Event, isFirst: Bool, to output: ByteArena) {
        let segment = Int(event.segment)
        if event.withoutCommon == 0, segment < batch.segmentTexts.count {
            let text = batch.segmentTexts[segment]
            guard text.commonEnd > text.idEnd &+ 1 else { return }
            output.appendNear(batch.arena.view(isFirst ? text.idEnd &+ 1 : text.idEnd, text.commonEnd))
            return
        }
        let source = batch.segments[segment].source
        if source.commonText.isEmpty { return }
        if event.withoutCommon == 0 {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            output.append(source.arena.view(source.commonText))
            return
        }
        var isFirst = isFirst
        for index in source.common.indices where event.withoutCommon & (1 << UInt8(index)) == 0 {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            output.append(source.arena.view(source.common[index].member))
        }
    }

    private static func append(_ field: EventField, _ batch: EventBatch, to output: ByteArena) {
        let bytes = batch.arena.view(field.valueStart, field.valueEnd)
        if field.kind == .text { output.appendJSONString(bytes) } else { output.append(bytes) }
    }
}
