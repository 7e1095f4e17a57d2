// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// What a file input can be told, under Filebeat's names where it has one.
package struct FileInputOptions: Sendable {
    /// By what a file is known again.
    package enum Identity: String, CaseIterable, Sendable {
        /// By what it holds.
        case content
        /// By device and inode alone.
        case native
        /// By its path alone.
        case path
    }

    package enum Start: String, CaseIterable, Sendable {
        case beginning, end
    }

    package var name: String
    package var paths: [String]
    package var excludeFiles: [String]
    /// Where a file that was never seen before is read from.
    package var start: Start
    /// Files that have not changed for this long, in nanoseconds, and were never seen before are left alone; 0: none.
    package var ignoreOlder: Int64
    /// How often, in nanoseconds, the patterns are looked at again.
    package var scanInterval: Int64
    /// How bytes become events; a text is cut to its `lines.maximumBytes`.
    package var framing: FramingOptions
    /// A file that gave nothing for this long, in nanoseconds, is closed; it is opened again when it has grown.
    package var closeInactive: Int64
    /// So many files are open at most; 0: as many as the system lets the process have.
    package var harvesterLimit: Int
    package var compression: FileCompression
    package var identity: Identity
    /// A file is closed when it was renamed, when it was removed, when it was read to its end.
    package var closeRenamed: Bool
    package var closeRemoved: Bool
    package var closeAtEnd: Bool
    /// A file is closed so many nanoseconds after it was opened; 0: never.
    package var closeTimeout: Int64
    /// What is known of a file is forgotten when it has been gone for so long, in nanoseconds.
    package var cleanRemoved: Bool
    package var cleanRemovedAfter: Int64
    /// And when nobody has written to it for so long; 0: never.
    package var cleanInactive: Int64
    /// Top-level fields of every event, each with its JSON.
    package var fields: [(key: String, json: String)]
    /// Whether `log.file.path` and `host.name` are added.
    package var addsMetadata: Bool
    /// The queue in state that its events go through, if they do.
    var queue: QueueOptions?

    /// Reads an input of type `file` (also under Filebeat's names `log` and `filestream`, and `container`, whose files
    /// are those of containers). Nil if it has no paths.
    package init?(_ section: ConfigurationSection, number: Int, hostName: String, isContainer: Bool = false) {
        name = section.string("id", default: "file-\(number)")
        paths = section.strings("paths")
        excludeFiles = section.strings("exclude_files")
        let isAtEnd = section.boolean("tail_files", default: section.boolean("seek_to_tail", default: false))
        start = section.choice("start", default: isAtEnd ? .end : .beginning)
        ignoreOlder = section.duration("ignore_older", default: 0)
        scanInterval = section.duration("scan_frequency", default: 1_000_000_000, in: 1_000_000...Int64.max)
        let maximumBytes = section.bytes("message_max_bytes", default: 1 << 20, in: 16...(64 << 20))
        framing = FramingOptions(
            section,
            maximumBytes: section.bytes("max_bytes", default: maximumBytes, in: 16...(64 << 20)),
            isContainer: isContainer
        )
        let closing = FileClosingOptions(section)
        closeInactive = closing.inactive
        closeRenamed = closing.renamed
        closeRemoved = closing.removed
        closeAtEnd = closing.atEnd
        closeTimeout = closing.timeout
        let cleaning = FileCleaningOptions(section, ignoreOlder: ignoreOlder, scanInterval: scanInterval)
        cleanRemoved = cleaning.removed
        cleanRemovedAfter = cleaning.removedAfter
        cleanInactive = cleaning.inactive
        compression = FileInputOptions.readCompression(section)
        identity = FileInputOptions.readIdentity(section)
        harvesterLimit = section.integer("harvester_limit", default: 0, in: 0...1_000_000)
        addsMetadata = section.boolean("metadata", default: true)
        fields = []
        queue = FileInputOptions.readQueue(section, name: name)
        if paths.isEmpty, let node = section.node("paths"), !node.isNull {
            section.reportWrongType(node, expected: "one or more patterns such as /var/log/app/*.log")
        } else if paths.isEmpty {
            section.reportMissing("paths", expected: "one or more patterns such as /var/log/app/*.log")
        }
        for path in paths where !path.hasPrefix("/") {
            // A relative path means what it means to whoever starts the agent; it is made absolute there.
            if path.isEmpty, let node = section.node("paths") { section.report(node, "an empty path matches nothing") }
        }
        readContainer(section, isContainer: isContainer)
        checkPatterns(section)
        // What is known of a container takes two.
        fields = InputFields.read(section, limit: framing.container != nil && addsMetadata ? 4 : 6)
        if addsMetadata { fields.append(("host", "{\"name\":\(JSONText.string(hostName))}")) }
        if paths.isEmpty { return nil }
    }

    /// `parse: container` is another way to say it.
    private mutating func readContainer(_ section: ConfigurationSection, isContainer: Bool) {
        guard let parse = section.node("parse"), let container = ParserTable.containerOptions(parse) else { return }
        if framing.container == nil {
            framing.container = container
        } else {
            section.report(
                parse,
                "\(parse.path) says again that the files are a container's",
                suggestion: isContainer ? "leave it out" : "keep one"
            )
        }
    }

    private func checkPatterns(_ section: ConfigurationSection) {
        for path in paths {
            do throws(PathPatternError) {
                _ = try PathPattern.parse(path)
            } catch {
                if let node = section.node("paths") { section.report(node, "the pattern '\(path)' \(error.reason)") }
            }
        }
    }
}
