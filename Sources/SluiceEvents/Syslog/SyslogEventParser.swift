// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Parses each event as a syslog message. Its parts become the fields that Filebeat's syslog parser and processor make:
/// `log.syslog.priority`, `.facility.code`, `.facility.name`, `.severity.code`, `.severity.name`, `.hostname`,
/// `.appname`, `.procid`, `.msgid`, `.version`, `.structured_data`, and `message`; its time becomes the event's. What is
/// no such message keeps its text as `message`, and gets `error.message`.
package final class SyslogEventParser: EventParser {
    private let reader: SyslogReader
    private let addsErrorKey: Bool
    private let object = ByteArena(capacity: 1024)
    private let unescaped = ByteArena(capacity: 256)
    private static let path = FieldPath("log.syslog")

    package init(_ reader: SyslogReader, addsErrorKey: Bool = true) {
        self.reader = reader
        self.addsErrorKey = addsErrorKey
    }

    /// Reads `format`, `timezone`, `add_error_key` and `log_errors` (which has no meaning here).
    package convenience init(_ section: ConfigurationSection, _ context: ProcessorContext) {
        let reader = SyslogReader(
            format: section.choice("format", default: .auto),
            zone: Self.zone(section, context)
        )
        section.accept("log_errors")
        self.init(reader, addsErrorKey: section.boolean("add_error_key", default: true))
    }

    /// `timezone`: `Local` (the default), `UTC`, an offset such as `+02:00`, or a name such as `Europe/Berlin`.
    package static func zone(_ section: ConfigurationSection, _ context: ProcessorContext) -> TimeZoneRules {
        let name = section.string("timezone", default: "Local")
        if let zone = TimeZoneRules(name: name) { return zone }
        if let zone = context.timeZoneData(name).flatMap({ TimeZoneRules(tzif: $0) }) { return zone }
        // A machine that has no time zone of its own is in UTC.
        if name != "Local", let node = section.node("timezone") {
            section.report(
                node,
                "the time zone \(ConfigurationNode.quoted(name)) for \(node.path) is not known on this machine",
                suggestion: "use UTC, an offset such as +02:00, Local, or a name such as Europe/Berlin"
            )
        }
        return .utc
    }

    package func parse(_ batch: EventBatch) -> Int {
        let key = batch.keys.number(of: "message")
        var failures = 0
        // Room for `message` and `log` beside what processors add.
        let room = batch.fieldSlack + 2
        batch.fields.extend(by: batch.events.count * room)
        var place = batch.fields.count - batch.events.count * room
        for event in 0..<batch.events.count {
            batch.events[event].firstField = UInt32(place)
            batch.events[event].fieldRoom = UInt16(clamping: room)
            place += room
            let start = Int(batch.events[event].textStart)
            let text = batch.arena.view(start..<Int(batch.events[event].textEnd))
            let now = batch.segments[Int(batch.events[event].segment)].time
            do throws(SyslogError) {
                let message = try reader.read(text, now: now)
                write(message, text)
                batch.events[event].flags.insert(.parsed)
                if let time = message.time { batch.setTime(time.nanoseconds, digits: time.fractionDigits, of: event) }
                batch.appendField(
                    EventField(
                        key: key,
                        kind: .text,
                        memberStart: EventField.noMember,
                        valueStart: UInt32(start + message.text.lowerBound),
                        valueEnd: UInt32(start + message.text.upperBound)
                    ),
                    of: event
                )
                if object.count > 2 {
                    batch.setValue(Self.path, kind: .object, json: object.view, of: event)
                }
            } catch {
                failures += 1
                batch.appendText(key: key, of: event)
                if addsErrorKey { batch.setErrorMessage("Error parsing syslog message: \(error)", of: event) }
            }
        }
        return failures
    }

    // MARK: Fields

    /// Writes what stands under `log.syslog`.
    private func write(_ message: SyslogMessage, _ text: ByteView) {
        object.removeAll()
        object.append("{")
        if let priority = message.priority {
            append("priority", priority)
            member("facility")
            object.append("{\"code\":")
            object.append(String(priority >> 3))
            object.append(",\"name\":\"")
            object.append(SyslogNames.facility(priority >> 3))
            object.append("\"}")
            member("severity")
            object.append("{\"code\":")
            object.append(String(priority & 7))
            object.append(",\"name\":\"")
            object.append(SyslogNames.severity(priority & 7))
            object.append("\"}")
        }
        append("hostname", message.hostname, text)
        append("appname", message.appname, text)
        append("procid", message.procid, text)
        append("msgid", message.msgid, text)
        if let version = message.version {
            member("version")
            object.append("\"\(version)\"")
        }
        if !message.elements.isEmpty { appendStructuredData(message, text) }
        object.append("}")
    }

    private func member(_ name: StaticString) {
        if object.count > 1 { object.append(",") }
        object.append("\"")
        object.append(name)
        object.append("\":")
    }

    private func append(_ name: StaticString, _ value: Int) {
        member(name)
        object.append(String(value))
    }

    private func append(_ name: StaticString, _ value: Range<Int>?, _ text: ByteView) {
        guard let value, !value.isEmpty else { return }
        member(name)
        object.appendJSONString(text[value])
    }

    /// An object for each element. Of several parameters or elements of one name the last counts, as in Filebeat: a
    /// document cannot have both.
    private func appendStructuredData(_ message: SyslogMessage, _ text: ByteView) {
        member("structured_data")
        object.append("{")
        var isFirst = true
        for (number, element) in message.elements.enumerated() {
            let name = text[element]
            if message.elements[(number + 1)...].contains(where: { text[$0] == name }) { continue }
            if !isFirst { object.append(",") }
            isFirst = false
            object.appendJSONString(name)
            object.append(":{")
            let parameters = message.parameters.filter { text[$0.element] == name }
            var isFirstParameter = true
            for (number, parameter) in parameters.enumerated() {
                let name = text[parameter.name]
                if parameters[(number + 1)...].contains(where: { text[$0.name] == name }) { continue }
                if !isFirstParameter { object.append(",") }
                isFirstParameter = false
                object.appendJSONString(name)
                object.append(":")
                unescape(text[parameter.value])
                object.appendJSONString(unescaped.view)
            }
            object.append("}")
        }
        object.append("}")
    }

    /// Only `"`, `\` and `]` are escaped; any other backslash is one (RFC 5424, section 6.3.3).
    private func unescape(_ value: ByteView) {
        unescaped.removeAll()
        var position = 0
        while position < value.count {
            if value[position] == 0x5c, position + 1 < value.count,
                [0x22, 0x5c, UInt8(ascii: "]")].contains(value[position + 1])
            {
                position += 1
            }
            unescaped.append(value[position])
            position += 1
        }
    }
}
