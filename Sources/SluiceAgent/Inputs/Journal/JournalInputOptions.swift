// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// What an input of type `journald` can be told, under Filebeat's names.
struct JournalInputOptions: InputConfiguration {
    enum Seek: String, CaseIterable, Sendable {
        case head, tail, since
        /// Filebeat's old name for going on after the cursor, which is done in any case.
        case cursor
    }

    var queue: QueueOptions
    /// The program; a name without a slash is looked for in PATH.
    var program: String
    /// Journal files and directories; empty for the machine's own journal.
    var paths: [String]
    /// Where to begin, as long as there is no cursor.
    var seek: Seek
    /// For `seek: since`: nanoseconds from now, mostly negative.
    var since: Int64
    var units: [String]
    var identifiers: [String]
    var transports: [String]
    var facilities: [Int]
    /// `FIELD=value`, or `+` for "or".
    var matches: [String]
    var merges: Bool
    /// `host.name`, which stands beside what the journal says of the host; nil for none.
    var hostName: String?

    var name: String { queue.name }
    var isQueued: Bool { true }

    var ownParser: (@Sendable () -> any EventParser)? {
        {
            var options = JSONParserOptions()
            // What `JournalEntryReader` writes has dots in its keys.
            options.expandKeys = true
            return JSONEventParser(options)
        }
    }

    init?(_ section: ConfigurationSection, number: Int, _ context: ProcessorContext) {
        let problems = section.problems.count
        queue = QueueOptions(section, type: "journald", number: number, hostName: context.host.name)
        // The entry's own `host` would take the place of a common one.
        queue.fields.removeAll { $0.key == "host" }
        hostName = queue.addsMetadata ? context.host.name : nil
        program = section.string("journalctl_path", default: "journalctl")
        paths = section.strings("paths").filter { $0 != "LOCAL_SYSTEM_JOURNAL" }
        seek = section.choice("seek", default: .head)
        since = section.duration("since", default: 0, in: Int64.min...Int64.max)
        units = section.strings("units")
        identifiers = section.strings("syslog_identifiers")
        transports = section.strings("transports")
        facilities = []
        for text in section.strings("facilities") {
            if let facility = Int(text), (0...23).contains(facility) {
                facilities.append(facility)
            } else if let node = section.node("facilities") {
                section.reportWrongType(node, expected: "numbers from 0 to 23")
            }
        }
        // Both ways of writing it: `include_matches: [A=b]` and `include_matches.match: [A=b]`.
        if let node = section.node("include_matches"), node.elements != nil || node.text != nil {
            matches = section.strings("include_matches")
        } else {
            matches = section.strings("include_matches.match")
        }
        merges = section.boolean("merge", default: false)
        for match in matches where match != "+" && !Self.isMatch(match) {
            section.report(
                section.node("include_matches") ?? section.node,
                "\(ConfigurationNode.quoted(match)) is no match: write FIELD=value, or + for \"or\""
            )
        }
        if program.isEmpty, let node = section.node("journalctl_path") {
            section.reportWrongType(node, expected: "the path of journalctl")
        }
        for path in paths where !path.hasPrefix("/") {
            if let node = section.node("paths") {
                section.report(node, "\(ConfigurationNode.quoted(path)) is no absolute path of a journal")
            }
        }
        if section.problems.count > problems { return nil }
    }

    private static func isMatch(_ text: String) -> Bool {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { return false }
        return text[..<equals].utf8.allSatisfy {
            ($0 >= 0x41 && $0 <= 0x5a) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5f
        }
    }

    /// What the program is called with.
    ///
    /// - Parameters:
    ///   - cursor: of the last entry that was taken.
    ///   - isOnce: to the journal's end, and no further.
    ///   - now: nanoseconds since 1970.
    func arguments(cursor: String?, isOnce: Bool, now: Int64) -> [String] {
        // Without --all, long fields are left out; without --no-tail, all but the last ten entries.
        var arguments = ["--output=json", "--no-pager", "--all"]
        if !isOnce { arguments += ["--follow", "--no-tail"] }
        if let cursor {
            arguments.append("--after-cursor=\(cursor)")
        } else {
            switch seek {
            case .head, .cursor: break
            case .tail: arguments.append("--since=now")
            case .since: arguments.append("--since=@\((now &+ since) / 1_000_000_000)")
            }
        }
        for path in paths { arguments.append((Self.isFile(path) ? "--file=" : "--directory=") + path) }
        if merges { arguments.append("--merge") }
        for unit in units { arguments.append("--unit=\(unit)") }
        for identifier in identifiers { arguments.append("--identifier=\(identifier)") }
        for facility in facilities { arguments.append("--facility=\(facility)") }
        for transport in transports { arguments.append("_TRANSPORT=\(transport)") }
        return arguments + matches
    }

    private static func isFile(_ path: String) -> Bool { FileStatus(path: path)?.isDirectory != true }

    func makeInput(_ environment: InputEnvironment) throws -> any Input {
        let counters = InputCounters(name: name)
        let source = JournalSource(
            self,
            isOnce: environment.isOnce,
            counters: counters,
            logger: environment.logger
        )
        return try QueueInput(queue, counters: counters, source: source, environment)
    }
}
