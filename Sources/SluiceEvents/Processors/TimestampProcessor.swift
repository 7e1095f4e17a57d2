// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// `timestamp`: reads a time from a field and makes it the event's (`@timestamp`), or the value of `target_field`.
///
/// Layouts are those of Go, `UNIX`, `UNIX_MS`, and as names of their own `RFC3339` and `ISO8601` (which may lack the
/// offset from UTC). `timezone` is `UTC`, an offset such as `+02:00`, a name of the time zone database, or `Local`. An
/// event whose field is missing or not a time keeps its own time and gets `error.message`, unless `ignore_failure`
/// (or, for the missing, `ignore_missing`) is set.
package final class TimestampProcessor: Processor {
    private enum Format: Sendable {
        case rfc3339, iso8601, unix, unixMilliseconds
        case layout(TimeLayout)
    }

    private let path: FieldPath
    private let target: FieldPath
    private let formats: [Format]
    private let zone: TimeZoneRules
    private let ignoresMissing: Bool
    private let ignoresFailure: Bool
    private let scratch = ByteArena(capacity: 256)

    package init?(_ section: ConfigurationSection, _ context: ProcessorContext) {
        let problems = section.problems.count
        section.accept("id")
        path = FieldPath(section.requiredString("field") ?? "")
        let target = section.string("target_field", default: "@timestamp")
        self.target = FieldPath(target.isEmpty ? "@timestamp" : target)
        ignoresMissing = section.boolean("ignore_missing", default: false)
        ignoresFailure = section.boolean("ignore_failure", default: false)
        zone = Self.zone(section, context)
        formats = Self.formats(section)
        if section.problems.count == problems { check(section) }
        guard section.problems.count == problems else { return nil }
    }

    // MARK: Options

    private static func zone(_ section: ConfigurationSection, _ context: ProcessorContext) -> TimeZoneRules {
        let name = section.string("timezone", default: "UTC")
        if let zone = TimeZoneRules(name: name) { return zone }
        if let zone = context.timeZoneData(name).flatMap({ TimeZoneRules(tzif: $0) }) { return zone }
        if let node = section.node("timezone") {
            section.report(
                node,
                "the time zone \(ConfigurationNode.quoted(name)) for \(node.path) is not known on this machine",
                suggestion: "use UTC, an offset such as +02:00, Local, or a name such as Europe/Berlin"
            )
        }
        return .utc
    }

    private static func formats(_ section: ConfigurationSection) -> [Format] {
        let layouts = section.strings("layouts")
        guard !layouts.isEmpty, let node = section.node("layouts") else {
            section.reportMissing("layouts", expected: "the ways the time is written, such as RFC3339 or UNIX_MS")
            return []
        }
        return layouts.map { text in
            switch text {
            case "RFC3339", "RFC3339Nano", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05.999999999Z07:00":
                return .rfc3339
            case "ISO8601": return .iso8601
            case "UNIX": return .unix
            case "UNIX_MS": return .unixMilliseconds
            default:
                let layout = TimeLayout(text)
                if !layout.hasTime {
                    section.report(
                        node,
                        "the layout \(ConfigurationNode.quoted(text)) for \(node.path) has no part of a time in it",
                        suggestion: "write Go's reference time, 2006-01-02T15:04:05Z07:00, the way the field is "
                            + "written, or use RFC3339, ISO8601, UNIX or UNIX_MS"
                    )
                }
                return .layout(layout)
            }
        }
    }

    /// Tries the texts under `test`.
    private func check(_ section: ConfigurationSection) {
        for text in section.strings("test") {
            let isTime = text.withByteView { parse($0, isText: true, now: 0) != nil }
            if !isTime, let node = section.node("test") {
                section.report(
                    node,
                    "\(ConfigurationNode.quoted(text)) in \(node.path) fits none of the layouts",
                    suggestion: "correct the layouts or the example"
                )
            }
        }
    }

    // MARK: Events

    package func process(_ batch: EventBatch, selected: EventMask) {
        var lookup = FieldLookup(path)
        lookup.begin(batch)
        let setsTime = target.isTimestamp
        var segment = UInt32.max
        var readTime: Int64 = 0
        selected.forEach { event in
            guard let value = lookup.value(in: batch, of: event), value.kind != .null else {
                if !ignoresMissing { fail(batch, event, "failed to get time field \(path): key not found") }
                return
            }
            if batch.events[event].segment != segment {
                segment = batch.events[event].segment
                readTime = batch.segments[Int(segment)].time
            }
            let isText = value.kind.isString
            guard isText || value.kind.isNumber,
                let time = parse(value.unescaped(in: scratch), isText: isText, now: readTime)
            else {
                if !ignoresFailure {
                    let shown = ConfigurationNode.quoted(value.string)
                    fail(batch, event, "failed parsing time field \(path)=\(shown)")
                }
                return
            }
            if setsTime {
                batch.setTime(time.nanoseconds, digits: time.fractionDigits, of: event)
            } else {
                setTarget(time, batch, event)
            }
        }
    }

    private func parse(_ text: ByteView, isText: Bool, now: Int64) -> Timestamp.Parsed? {
        for format in formats {
            var time: Timestamp.Parsed?
            switch format {
            case .rfc3339: time = isText ? Timestamp.parse(text) : nil
            case .iso8601: time = isText ? parseISO8601(text) : nil
            case .unix: time = UnixTimeText.parse(text, unitDigits: 9)
            case .unixMilliseconds: time = UnixTimeText.parse(text, unitDigits: 6)
            case .layout(let layout):
                time = isText ? TimeLayoutReader.read(text, layout, zone: zone, now: now) : nil
            }
            if let time { return time }
        }
        return nil
    }

    private func parseISO8601(_ text: ByteView) -> Timestamp.Parsed? {
        if let time = Timestamp.parse(text) { return time }
        guard var time = Timestamp.parse(text, isZoneOptional: true) else { return nil }
        let seconds = Timestamp.floorDivide(time.nanoseconds, 1_000_000_000)
        let offset = Int64(zone.offset(atLocal: seconds)) * 1_000_000_000
        let (local, isOutOfRange) = time.nanoseconds.subtractingReportingOverflow(offset)
        if isOutOfRange { return nil }
        time.nanoseconds = local
        return time
    }

    private func setTarget(_ time: Timestamp.Parsed, _ batch: EventBatch, _ event: Int) {
        let start = batch.arena.count
        batch.arena.append(UInt8(ascii: "\""))
        Timestamp.write(time.nanoseconds, fractionDigits: max(3, time.fractionDigits), to: batch.arena)
        batch.arena.append(UInt8(ascii: "\""))
        if !batch.setValue(target, kind: .string, value: start..<batch.arena.count, of: event), !ignoresFailure {
            fail(batch, event, "could not put value: \(target): a part of the name is there and no object")
        }
    }

    private func fail(_ batch: EventBatch, _ event: Int, _ message: String) {
        guard !ignoresFailure else { return }
        batch.markFailed(event)
        batch.setErrorMessage(message, of: event)
    }
}
