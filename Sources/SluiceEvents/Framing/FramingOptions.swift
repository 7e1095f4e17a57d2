// SPDX-License-Identifier: Apache-2.0

package import SluicePatterns

/// What an input does to the bytes of a file before they are events: lines, containers, multiline, line filters. And
/// how the events' text is parsed, where that is said in the same place.
package struct FramingOptions: Sendable {
    package var lines: LineOptions
    package var container: ContainerOptions?
    package var multiline: MultilineOptions?
    package var includeLines: [RegularExpression] = []
    package var excludeLines: [RegularExpression] = []
    /// The JSON parser that Filebeat's `parsers` or `json` ask for.
    package var json: JSONParserOptions?

    package init(maximumBytes: Int) { lines = LineOptions(maximumBytes: maximumBytes) }

    /// Whether `EventBatch.appendLines` and `EventBatch.select` do all of it.
    package var isPlain: Bool { lines.isPlain && !joinsLines }
    /// Whether an event can have several lines, and go on in the next file.
    package var joinsLines: Bool { container != nil || multiline != nil }

    /// Reads `encoding`, `line_terminator`, `include_lines`, `exclude_lines`, and
    ///
    /// - `multiline`, `container` and `json` at the input's root, as of Filebeat's input `log`, or
    /// - `parsers`, as of its input `filestream`.
    ///
    /// - Parameters:
    ///   - maximumBytes: the longest text of an event.
    ///   - isContainer: it is Filebeat's input `container`, with that parser's options at the root.
    package init(_ section: ConfigurationSection, maximumBytes: Int, isContainer: Bool = false) {
        lines = LineOptions(section, maximumBytes: maximumBytes)
        includeLines = section.patterns("include_lines")
        excludeLines = section.patterns("exclude_lines")
        if isContainer {
            container = ContainerOptions(section)
        } else if let options = section.section("container") {
            container = ContainerOptions(options)
        }
        if let node = section.node("multiline"), !node.isNull, let options = section.section("multiline") {
            multiline = MultilineOptions(options)
        }
        if let node = section.node("json"), !node.isNull, let options = section.section("json") {
            json = JSONParserOptions(filebeat: options)
            if let multiline = section.node("multiline"), !multiline.isNull {
                section.report(
                    multiline,
                    "\(multiline.path) beside json would join the values of json.message_key, which is not supported",
                    suggestion: "write 'parsers: [multiline: …, ndjson: …]' to join lines before they are parsed"
                )
            }
        }
        readParsers(section)
        lines.keepsEmptyLines = joinsLines
    }

    // MARK: parsers

    private static let parsers = ["container", "multiline", "ndjson", "include_message"]

    /// Filebeat runs parsers in the order in which they are listed; one order makes sense, and is the only one here.
    private mutating func readParsers(_ section: ConfigurationSection) {
        guard let list = section.node("parsers"), !list.isNull else { return }
        for key in ["multiline", "container", "json"] {
            if let node = section.node(key), !node.isNull {
                section.report(node, "\(node.path) stands beside \(list.path)", suggestion: "move it there")
            }
        }
        guard let elements = list.elements else {
            section.reportWrongType(list, expected: "a sequence of parsers, such as '- multiline: {…}'")
            return
        }
        var last = -1
        for element in elements {
            let parser = ConfigurationSection(element, problems: section.problems)
            defer { parser.finish() }
            guard let name = element.entries?.first.map({ String($0.key.prefix { $0 != "." }) }) else {
                if element.entries != nil || element.isNull {
                    section.reportWrongType(element, expected: "a parser and its options")
                }
                continue
            }
            guard let place = Self.parsers.firstIndex(of: name) else {
                reportUnknown(name, element, section)
                parser.abandon()
                continue
            }
            let options = ConfigurationSection(parser.node(name) ?? element, problems: section.problems)
            read(name, options)
            options.finish()
            if place <= last {
                section.report(
                    element,
                    place == last
                        ? "\(list.path) names \(name) twice"
                        : "\(name) stands behind \(Self.parsers[last]) in \(list.path)",
                    suggestion: place == last ? "keep one" : "put it in front"
                )
            }
            last = max(last, place)
        }
    }

    private func reportUnknown(_ name: String, _ element: ConfigurationNode, _ section: ConfigurationSection) {
        let quoted = ConfigurationNode.quoted(name)
        if name == "syslog" {
            section.report(element, "the parser \(quoted) is not supported yet", suggestion: "remove it")
        } else {
            section.report(
                element,
                "unknown parser \(quoted) in \(element.path)",
                suggestion: ConfigurationProblems.suggestion(for: name, known: Self.parsers)
            )
        }
    }

    private mutating func read(_ name: String, _ options: ConfigurationSection) {
        switch name {
        case "container": container = ContainerOptions(options)
        case "multiline": multiline = MultilineOptions(options)
        case "include_message": includeLines += options.patterns("patterns")
        default: json = Self.ndjson(options)
        }
    }

    /// The parser `ndjson` differs from the input `log`'s `json` in how it says where the fields go.
    private static func ndjson(_ section: ConfigurationSection) -> JSONParserOptions {
        var options = JSONParserOptions(filebeat: section)
        options.keysUnderRoot = true
        guard let node = section.node("target"), !node.isNull else { return options }
        switch node.text {
        case "": break
        case "json": options.keysUnderRoot = false
        default:
            section.report(
                node,
                "fields can stand at the root or under 'json', not under \(node.inWords)",
                suggestion: "write target: \"\" or target: json"
            )
        }
        return options
    }
}
