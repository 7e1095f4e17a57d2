// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Text with fields of the event in it: `%{[service]}`, `%{[user.name]:nobody}`, `logs-%{+yyyy.MM.dd}`.
///
/// Source: "Format string (sprintf)" in Filebeat's reference. Dates are the event's time in UTC.
package struct FormatString: Sendable, CustomStringConvertible {
    enum Part: Sendable {
        case literal([UInt8])
        case field(FieldPath, fallback: [UInt8]?)
        case date(DateFormat)
    }

    let parts: [Part]
    package let description: String

    /// Why a text is no format string.
    package struct Invalid: Error, Equatable, CustomStringConvertible {
        package var description: String
        package init(_ description: String) { self.description = description }
    }

    package init(_ text: String) throws(Invalid) {
        description = text
        var parts: [Part] = []
        var literal: [UInt8] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "%{") {
            literal += Array(rest[..<start.lowerBound].utf8)
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: "}") else {
                throw Invalid("'%{' without '}' in '\(text)'")
            }
            let inside = rest[..<end]
            rest = rest[end...].dropFirst()
            if inside.first == "+" {
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = []
                do throws(DateFormat.Invalid) {
                    parts.append(.date(try DateFormat(String(inside.dropFirst()))))
                } catch {
                    throw Invalid(error.description)
                }
            } else if inside.first == "[", let bracket = inside.lastIndex(of: "]") {
                let name = String(inside[...bracket])
                let after = inside[bracket...].dropFirst()
                guard after.isEmpty || after.first == ":", name.count > 2 else {
                    throw Invalid("'%{\(inside)}' is not '%{[field]}' or '%{[field]:default}'")
                }
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = []
                parts.append(
                    .field(FieldPath(name), fallback: after.isEmpty ? nil : Array(after.dropFirst().utf8))
                )
            } else {
                throw Invalid("'%{\(inside)}' is neither a field '%{[name]}' nor a date '%{+yyyy.MM.dd}'")
            }
        }
        literal += Array(rest.utf8)
        if !literal.isEmpty { parts.append(.literal(literal)) }
        self.parts = parts
    }

    /// The text, if no part of it depends on the event.
    package var constant: String? {
        var text: [UInt8] = []
        for part in parts {
            guard case .literal(let bytes) = part else { return nil }
            text += bytes
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The text with `*` for each part that depends on the event, and whether a date is among them.
    package var pattern: (text: String, hasDate: Bool) {
        var text: [UInt8] = []
        var hasDate = false
        for part in parts {
            switch part {
            case .literal(let bytes): text += bytes
            case .field: if text.last != UInt8(ascii: "*") { text.append(UInt8(ascii: "*")) }
            case .date:
                hasDate = true
                if text.last != UInt8(ascii: "*") { text.append(UInt8(ascii: "*")) }
            }
        }
        return (String(decoding: text, as: UTF8.self), hasDate)
    }

    /// The only field it consists of, without a default; nil if there is more to it.
    package var singleField: FieldPath? {
        guard parts.count == 1, case .field(let path, nil) = parts[0] else { return nil }
        return path
    }

    /// Writes the text for one event.
    ///
    /// - Parameter lookup: scratch space of the caller's own, if others read the batch at the same time.
    /// - Returns: false, and nothing written, if a field without default is missing.
    package func append(
        _ batch: EventBatch,
        _ event: Int,
        to output: ByteArena,
        lookup: LookupScratch? = nil
    ) -> Bool {
        let start = output.count
        for part in parts {
            switch part {
            case .literal(let bytes): output.append(bytes)
            case .date(let format): format.append(batch.events[event].time, to: output)
            case .field(let path, let fallback):
                if let value = batch.value(path, of: event, lookup: lookup), value.kind != .null {
                    value.appendText(to: output)
                } else if let fallback {
                    output.append(fallback)
                } else {
                    output.truncate(to: start)
                    return false
                }
            }
        }
        return true
    }
}
