// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Reads syslog messages: RFC 5424, and what is sent in the name of RFC 3164.
///
/// RFC 3164 describes what was seen on the wire rather than prescribing, so that form is read with patience: the
/// priority may be missing; the time may be as RFC 3339 has it, have a year or a fraction; a message from this machine
/// has no host name; where there is no time at all, everything behind the priority is the message (as a relay has to
/// take it, section 4.3). RFC 5424 is read as its section 6 has it.
package struct SyslogReader: Sendable {
    package enum Format: String, CaseIterable, Sendable {
        /// RFC 5424 where a version number follows the priority.
        case auto
        case rfc3164, rfc5424
    }

    private let format: Format
    private let zone: TimeZoneRules
    private static let stamp = TimeLayout("Jan _2 15:04:05")
    private static let stampWithYear = TimeLayout("Jan _2 2006 15:04:05")

    /// - Parameter zone: of times that do not say how far they are from UTC.
    package init(format: Format = .auto, zone: TimeZoneRules = .utc) {
        self.format = format
        self.zone = zone
    }

    /// Reads one message.
    ///
    /// - Parameter now: when it came, in nanoseconds since 1970: its year is that of a time that has none.
    package func read(_ whole: ByteView, now: Int64) throws(SyslogError) -> SyslogMessage {
        var end = whole.count
        // Senders that end their messages as C or a terminal does.
        while end > 0, whole[end - 1] == 0 || whole[end - 1] == 0x0a || whole[end - 1] == 0x0d { end -= 1 }
        let text = whole[0..<end]
        if text.isEmpty { throw SyslogError(.empty, at: 0) }
        var message = SyslogMessage()
        var position = 0
        if text[0] == UInt8(ascii: "<") {
            message.priority = try Self.priority(text, &position)
        } else if format == .rfc5424 {
            throw SyslogError(.priority, at: 0)
        }
        let isModern = format == .rfc5424 || (format == .auto && Self.hasVersion(text, at: position, message))
        if isModern {
            try readModern(text, &position, into: &message)
        } else {
            try readTraditional(text, &position, now: now, into: &message)
        }
        return message
    }

    private static func priority(_ text: ByteView, _ position: inout Int) throws(SyslogError) -> Int {
        position = 1
        guard let value = number(text, &position, digits: 3), value <= 191, position < text.count,
            text[position] == UInt8(ascii: ">")
        else { throw SyslogError(.priority, at: 0) }
        position += 1
        return value
    }

    private static func hasVersion(_ text: ByteView, at start: Int, _ message: SyslogMessage) -> Bool {
        guard message.priority != nil else { return false }
        var position = start
        guard let version = number(text, &position, digits: 3), version > 0 else { return false }
        return position < text.count && text[position] == 0x20
    }

    private static func number(_ text: ByteView, _ position: inout Int, digits: Int) -> Int? {
        let start = position
        var value = 0
        while position < text.count, position - start < digits, text[position] &- 0x30 < 10 {
            value = value * 10 + Int(text[position] - 0x30)
            position += 1
        }
        return position > start ? value : nil
    }

    // MARK: RFC 5424

    private func readModern(
        _ text: ByteView,
        _ position: inout Int,
        into message: inout SyslogMessage
    ) throws(SyslogError) {
        let start = position
        guard let version = Self.number(text, &position, digits: 3), version > 0, position < text.count,
            text[position] == 0x20
        else { throw SyslogError(.version, at: start) }
        message.version = version
        position += 1
        let time = try Self.field(text, &position)
        if let time {
            message.time = Timestamp.parse(text[time])
            if message.time == nil { throw SyslogError(.timestamp, at: time.lowerBound) }
        }
        message.hostname = try Self.field(text, &position)
        message.appname = try Self.field(text, &position)
        message.procid = try Self.field(text, &position)
        message.msgid = try Self.field(text, &position)
        try readStructuredData(text, &position, into: &message)
        if position < text.count {
            guard text[position] == 0x20 else { throw SyslogError(.structuredData, at: position) }
            position += 1
            if text[position..<text.count].hasPrefix(ByteView("\u{feff}")) { position += 3 }
        }
        message.text = position..<text.count
    }

    /// A header field and the space behind it; nil for `-`, which stands for nothing.
    private static func field(_ text: ByteView, _ position: inout Int) throws(SyslogError) -> Range<Int>? {
        let start = position
        while position < text.count, text[position] > 0x20 { position += 1 }
        guard position > start, position < text.count, text[position] == 0x20 else {
            throw SyslogError(.field, at: start)
        }
        let range = start..<position
        position += 1
        return range.count == 1 && text[start] == UInt8(ascii: "-") ? nil : range
    }

    private func readStructuredData(
        _ text: ByteView,
        _ position: inout Int,
        into message: inout SyslogMessage
    ) throws(SyslogError) {
        guard position < text.count else { throw SyslogError(.structuredData, at: position) }
        if text[position] == UInt8(ascii: "-") {
            position += 1
            return
        }
        guard text[position] == UInt8(ascii: "[") else { throw SyslogError(.structuredData, at: position) }
        while position < text.count, text[position] == UInt8(ascii: "[") {
            position += 1
            let element = try Self.name(text, &position)
            message.elements.append(element)
            while position < text.count, text[position] == 0x20 {
                position += 1
                let name = try Self.name(text, &position)
                let value = try Self.value(text, &position)
                message.parameters.append(SyslogMessage.Parameter(element: element, name: name, value: value))
            }
            guard position < text.count, text[position] == UInt8(ascii: "]") else {
                throw SyslogError(.unclosed, at: position)
            }
            position += 1
        }
    }

    /// An SD-NAME: printable, without `=`, `]`, `"` and space.
    private static func name(_ text: ByteView, _ position: inout Int) throws(SyslogError) -> Range<Int> {
        let start = position
        while position < text.count {
            let byte = text[position]
            if byte <= 0x20 || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "]") || byte == 0x22 { break }
            position += 1
        }
        guard position > start else { throw SyslogError(.parameter, at: start) }
        return start..<position
    }

    /// `="value"`, in which a backslash stands before `"`, `\` and `]`.
    private static func value(_ text: ByteView, _ position: inout Int) throws(SyslogError) -> Range<Int> {
        guard position + 1 < text.count, text[position] == UInt8(ascii: "="), text[position + 1] == 0x22 else {
            throw SyslogError(.parameter, at: position)
        }
        position += 2
        let start = position
        while position < text.count, text[position] != 0x22 {
            position += text[position] == 0x5c ? 2 : 1
        }
        guard position < text.count else { throw SyslogError(.unclosed, at: start) }
        position += 1
        return start..<(position - 1)
    }

    // MARK: RFC 3164

    private func readTraditional(
        _ text: ByteView,
        _ position: inout Int,
        now: Int64,
        into message: inout SyslogMessage
    ) throws(SyslogError) {
        let start = position
        guard let time = traditionalTime(text, &position, now: now) else {
            // Without a priority as well, this is some text and no message of syslog.
            guard message.priority != nil else { throw SyslogError(.timestamp, at: start) }
            while position < text.count, text[position] == 0x20 { position += 1 }
            readTag(text, &position, into: &message)
            message.text = position..<text.count
            return
        }
        message.time = time
        while position < text.count, text[position] == 0x20 { position += 1 }
        var end = position
        while end < text.count, text[end] > 0x20 { end += 1 }
        // What the C library sends to this machine's own socket has a tag behind the time and no host name.
        let isTag = end > position && (text[end - 1] == UInt8(ascii: ":") || end == text.count)
        if !isTag, end > position {
            if !(end - position == 1 && text[position] == UInt8(ascii: "-")) { message.hostname = position..<end }
            position = min(end + 1, text.count)
        }
        readTag(text, &position, into: &message)
        message.text = position..<text.count
    }

    /// `Oct 11 22:14:15`, with a year or a fraction, or a time as RFC 3339 has it.
    private func traditionalTime(_ text: ByteView, _ position: inout Int, now: Int64) -> Timestamp.Parsed? {
        let start = position
        guard start < text.count else { return nil }
        if text[start] &- 0x30 < 10 {
            var end = start
            while end < text.count, text[end] > 0x20 { end += 1 }
            guard let time = Timestamp.parse(text[start..<end]) else { return nil }
            position = end
            return time
        }
        // Some senders put a mark before a time that they are not sure of.
        let first = text[start] == UInt8(ascii: "*") ? start + 1 : start
        for (layout, length) in [(Self.stamp, 15), (Self.stampWithYear, 20)] {
            var end = first + length
            guard end <= text.count else { return nil }
            if end + 1 < text.count, text[end] == UInt8(ascii: "."), text[end + 1] &- 0x30 < 10 {
                end += 1
                while end < text.count, text[end] &- 0x30 < 10 { end += 1 }
            }
            guard let time = TimeLayoutReader.read(text[first..<end], layout, zone: zone, now: now) else { continue }
            if end < text.count, text[end] == UInt8(ascii: ":") { end += 1 }
            guard end == text.count || text[end] == 0x20 else { return nil }
            position = end
            return time
        }
        return nil
    }

    /// `su: ` or `su[1024]: `; where there is none, everything is the message.
    private func readTag(_ text: ByteView, _ position: inout Int, into message: inout SyslogMessage) {
        let start = position
        var end = start
        while end < text.count, text[end] > 0x20, text[end] != UInt8(ascii: ":"), text[end] != UInt8(ascii: "[") {
            end += 1
        }
        guard end > start, end < text.count else { return }
        var next = end
        var process: Range<Int>?
        if text[next] == UInt8(ascii: "[") {
            guard let close = text[next..<text.count].firstIndex(of: UInt8(ascii: "]")) else { return }
            process = (next + 1)..<(next + close)
            next += close + 1
        }
        guard next < text.count, text[next] == UInt8(ascii: ":") else { return }
        next += 1
        // A word with a colon inside, such as an address, is no tag.
        guard next == text.count || text[next] == 0x20 else { return }
        message.appname = start..<end
        if let process, !process.isEmpty { message.procid = process }
        position = min(next + 1, text.count)
    }
}
