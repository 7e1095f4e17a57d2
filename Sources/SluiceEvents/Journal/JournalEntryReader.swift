// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Makes events of the journal's entries as `journalctl --output=json` writes them, one object a line.
///
/// Each member is a field: a string; an array of numbers, its bytes, where it is no text; an array of either, where the
/// field is there several times; null, where it is too long to be shown (source: systemd's "Journal JSON Format"). What
/// comes of it is an object with the names of `JournalFields`, dots in its keys, and `@timestamp`. Other fields stand
/// under `journald.custom` in lower case. One reader belongs to one thread.
package final class JournalEntryReader {
    package struct Problem: Error, Equatable, CustomStringConvertible {
        package let description: String
        package init(description: String) { self.description = description }
    }

    private let index = JSONIndex(remembersKeys: true)
    private let values = JSONIndex()
    private let bytes = JSONIndex()
    private let content = ByteArena(capacity: 4096)
    private let output = ByteArena(capacity: 4096)

    private let hostName: String?

    /// - Parameter hostName: becomes `host.name`.
    package init(hostName: String? = nil) { self.hostName = hostName }

    /// Reads one entry.
    ///
    /// - Parameter receive: is given the event, good until it returns, and the entry's cursor.
    package func read(_ line: ByteView, _ receive: (_ event: ByteView, _ cursor: String) -> Void) throws(Problem) {
        do throws(JSONError) {
            try JSONScanner.scan(line, into: index)
            guard index.kind == .object else { throw JSONError(.notAnObject, at: 0) }
        } catch {
            throw Problem(description: "a line of journalctl is no entry: \(error)")
        }
        output.removeAll()
        output.append("{")
        var cursor = ""
        var numbers: [String: String] = [:]
        var texts: [String: String] = [:]
        for number in 0..<index.children.count {
            let child = index.children[number]
            let key = line[child.key].string
            if JournalFields.dropped.contains(key) {
                guard child.kind.isString, take(line[child.value], child.kind) else { continue }
                if key == "__CURSOR" { cursor = content.string }
                if key == "__REALTIME_TIMESTAMP" { writeTime() }
                continue
            }
            guard let field = JournalFields.known[key] else {
                let name = key.drop { $0 == "_" }.lowercased()
                if !name.isEmpty { write(["journald.custom.\(name)"], line[child.value], child.kind) }
                continue
            }
            if field.isInteger, child.kind.isString, take(line[child.value], child.kind), let value = integer() {
                for name in field.names {
                    member(name)
                    output.append(value)
                }
                numbers[key] = value
            } else {
                write(field.names, line[child.value], child.kind)
                if Self.enriching.contains(key), take(line[child.value], child.kind) { texts[key] = content.string }
            }
        }
        guard !cursor.isEmpty else { throw Problem(description: "an entry of journalctl has no __CURSOR") }
        enrich(numbers, texts)
        if let hostName {
            member("host.name")
            output.appendJSONString(hostName)
        }
        member("event.kind")
        output.append("\"event\"}")
        receive(output.view, cursor)
    }

    // MARK: Values

    private func member(_ name: String) {
        if output.count > 1 { output.append(",") }
        output.appendJSONString(name)
        output.append(":")
    }

    /// Puts the text that a value stands for into `content`: of a string, of a field's bytes, or of the first of several.
    private func take(_ value: ByteView, _ kind: JSONKind) -> Bool {
        content.removeAll()
        switch kind {
        case .string:
            content.append(value[1..<(value.count - 1)])
            return true
        case .escapedString:
            content.appendUnescaped(value[1..<(value.count - 1)])
            return true
        case .array:
            guard (try? JSONScanner.scan(value, into: bytes)) != nil else { return false }
            for number in 0..<bytes.children.count {
                let child = bytes.children[number]
                guard child.kind == .integer, let byte = NumberText.integer(value[child.value]),
                    let byte = UInt8(exactly: byte)
                else { return false }
                content.append(byte)
            }
            return true
        default: return false
        }
    }

    /// Writes a field under some names.
    private func write(_ names: [String], _ value: ByteView, _ kind: JSONKind) {
        if take(value, kind) {
            for name in names {
                member(name)
                output.appendJSONString(content.view)
            }
            return
        }
        // Several of one name.
        guard kind == .array, (try? JSONScanner.scan(value, into: values)) != nil else { return }
        for name in names {
            member(name)
            output.append("[")
            var isFirst = true
            for number in 0..<values.children.count {
                let child = values.children[number]
                guard take(value[child.value], child.kind) else { continue }
                if !isFirst { output.append(",") }
                isFirst = false
                output.appendJSONString(content.view)
            }
            output.append("]")
        }
    }

    /// The whole number in `content`; some versions of systemd write the user's name behind a process's number.
    private func integer() -> String? {
        let text = content.view
        let end = text.firstIndex(of: UInt8(ascii: ",")) ?? text.count
        return NumberText.integer(text[0..<end]).map { String($0) }
    }

    /// Microseconds since 1970 become `@timestamp`.
    private func writeTime() {
        guard let microseconds = NumberText.integer(content.view) else { return }
        let (nanoseconds, isTooLate) = microseconds.multipliedReportingOverflow(by: 1000)
        if isTooLate { return }
        member("@timestamp")
        output.append("\"")
        Timestamp.write(nanoseconds, fractionDigits: 6, to: output)
        output.append("\"")
    }

    // MARK: ECS

    private static let enriching: Set<String> = [
        "_COMM", "_EXE", "_CMDLINE", "OBJECT_COMM", "OBJECT_EXE", "OBJECT_CMDLINE",
    ]

    /// `process.*` and `user.*`, as ECS has them: of the object, where one program logs on behalf of another.
    private func enrich(_ numbers: [String: String], _ texts: [String: String]) {
        func text(_ name: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            member(name)
            output.appendJSONString(value)
        }
        if let process = numbers["OBJECT_PID"] ?? numbers["_PID"] {
            member("process.pid")
            output.append(process)
        }
        text("process.name", texts["OBJECT_COMM"] ?? texts["_COMM"])
        text("process.executable", texts["OBJECT_EXE"] ?? texts["_EXE"])
        if let line = texts["OBJECT_CMDLINE"] ?? texts["_CMDLINE"], !line.isEmpty {
            text("process.command_line", line)
            let arguments = Self.arguments(line)
            member("process.args")
            output.append("[")
            for (number, argument) in arguments.enumerated() {
                if number > 0 { output.append(",") }
                output.appendJSONString(argument)
            }
            output.append("]")
            member("process.args_count")
            output.append(String(arguments.count))
        }
        let prefix = numbers["OBJECT_UID"] == nil ? "_" : "OBJECT_"
        let login = numbers["OBJECT_AUDIT_LOGINUID"] ?? numbers["_AUDIT_LOGINUID"]
        let user = numbers[prefix + "UID"]
        if let login, let user, login != user {
            text("user.id", login)
            text("user.effective.id", user)
            text("user.effective.group.id", numbers[prefix + "GID"])
        } else {
            text("user.id", user ?? login)
            if user != nil { text("user.group.id", numbers[prefix + "GID"]) }
        }
    }

    /// The words of a command line; what stands in double quotes is one.
    static func arguments(_ line: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in line {
            if character == "\"" { isQuoted.toggle() }
            if character.isWhitespace, !isQuoted {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
