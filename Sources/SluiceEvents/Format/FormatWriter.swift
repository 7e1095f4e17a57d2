// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Writes a format string for event after event. It looks a field's name up once a batch, writes a date once for as
/// long as it stays the same, and counts no references. One belongs to one worker.
package struct FormatWriter {
    private struct Step: BitwiseCopyable {
        enum Kind: UInt8, BitwiseCopyable {
            case literal, date, field, fieldWithFallback
        }
        var kind: Kind
        /// Literal or fallback, in `texts`.
        var start: UInt32
        var end: UInt32
        /// The number of the lookup or of the date.
        var number: UInt32
    }

    private struct DateText {
        let format: DateFormat
        /// The stretch of time that `text` stands for, in units of the format's seconds.
        var unit = Int64.min
        let text = ByteArena(capacity: 64)
    }

    private let steps = FlatArray<Step>(capacity: 8)
    private let texts = ByteArena(capacity: 64)
    private var lookups: [FieldLookup] = []
    private var dates: [DateText] = []

    package init(_ format: FormatString) {
        for part in format.parts {
            let start = UInt32(texts.count)
            switch part {
            case .literal(let bytes):
                texts.append(bytes)
                steps.append(Step(kind: .literal, start: start, end: UInt32(texts.count), number: 0))
            case .date(let format):
                steps.append(Step(kind: .date, start: start, end: start, number: UInt32(dates.count)))
                dates.append(DateText(format: format))
            case .field(let path, let fallback):
                texts.append(fallback ?? [])
                steps.append(
                    Step(
                        kind: fallback == nil ? .field : .fieldWithFallback,
                        start: start,
                        end: UInt32(texts.count),
                        number: UInt32(lookups.count)
                    )
                )
                lookups.append(FieldLookup(path))
            }
        }
    }

    /// Makes ready for a batch.
    package mutating func begin(_ batch: EventBatch) {
        for index in lookups.indices { lookups[index].begin(batch) }
    }

    /// Writes the text for one event of the batch; the same as `FormatString.append` does.
    ///
    /// - Returns: false, and nothing written, if a field without default is missing.
    package mutating func append(_ batch: EventBatch, _ event: Int, to output: ByteArena) -> Bool {
        let start = output.count
        for index in 0..<steps.count {
            let step = steps[index]
            switch step.kind {
            case .literal: output.append(texts.view(step.start, step.end))
            case .date: appendDate(Int(step.number), batch.events[event].time, to: output)
            case .field, .fieldWithFallback:
                if let value = lookups[Int(step.number)].value(in: batch, of: event), value.kind != .null {
                    value.appendText(to: output)
                } else if step.kind == .fieldWithFallback {
                    output.append(texts.view(step.start, step.end))
                } else {
                    output.truncate(to: start)
                    return false
                }
            }
        }
        return true
    }

    private mutating func appendDate(_ number: Int, _ nanoseconds: Int64, to output: ByteArena) {
        let seconds: Int64 = dates[number].format.hasTimeOfDay ? 1 : 86_400
        let unit = Timestamp.floorDivide(nanoseconds, seconds &* 1_000_000_000)
        if unit != dates[number].unit {
            dates[number].unit = unit
            dates[number].text.removeAll()
            dates[number].format.append(nanoseconds, to: dates[number].text)
        }
        output.append(dates[number].text.view)
    }
}
