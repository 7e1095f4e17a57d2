// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

extension RecordWriter {
    /// What stands in an `event` record before its attributes and its text: flags (2 bytes), the digits that its own time
    /// was given with (255: it has none), its time (8) and the length of its attributes (4).
    static let eventHeaderLength = 15

    /// Writes events of a batch as framing made them.
    ///
    /// - Parameter limit: writes no event more once it has this many bytes.
    /// - Returns: the first event that was not written.
    package func append(_ batch: EventBatch, from first: Int, limit: Int) -> Int {
        var source: EventSource?
        var attributes = 0
        while attributes < batch.lineAttributes.count, Int(batch.lineAttributes[attributes].event) < first {
            attributes += 1
        }
        var number = first
        while number < batch.events.count, arena.count < limit || number == first {
            let own = batch.source(of: number)
            if own !== source { append(own) }
            source = own
            let event = batch.events[number]
            var range = 0..<0
            if attributes < batch.lineAttributes.count, Int(batch.lineAttributes[attributes].event) == number {
                range = Int(batch.lineAttributes[attributes].start)..<Int(batch.lineAttributes[attributes].end)
                attributes += 1
            }
            let text = Int(event.textStart)..<Int(event.textEnd)
            appendHeader(.event, length: Self.eventHeaderLength + range.count + text.count)
            append(number: UInt64(event.flags.rawValue), bytes: 2)
            arena.append(event.flags.contains(.hasOwnTime) ? event.timeDigits : .max)
            append(number: UInt64(bitPattern: event.time), bytes: 8)
            append(number: UInt64(range.count), bytes: 4)
            arena.append(batch.arena.view(range))
            arena.append(batch.arena.view(text))
            number += 1
        }
        return number
    }

    private func append(_ source: EventSource) {
        let text = ByteArena(capacity: 256)
        text.append("{\"path\":")
        text.appendJSONString(source.path)
        text.append(",\"fields\":{")
        text.append(source.arena.view(source.commonText))
        text.append("}}")
        append(.source, text.view)
    }
}
