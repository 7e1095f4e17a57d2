// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Reads the two forms of containers' log files. One belongs to one file, and keeps scratch space.
///
/// - Docker's driver json-file: `{"log":"text\n","stream":"stdout","time":"2026-11-22T03:32:00.1Z"}`, with `attrs` where
///   asked for. Text over 16 KiB comes in pieces, of which the last one ends with a line feed.
/// - CRI, of containerd and CRI-O: `2026-11-22T03:32:00.1Z stdout F text`. The third word are tags with colons between,
///   F or P for the last or another piece among them
///   (https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md).
package final class ContainerLineParser {
    private let format: ContainerOptions.Format
    private let index = JSONIndex(remembersKeys: true)

    package init(_ format: ContainerOptions.Format) { self.format = format }

    /// - Parameters:
    ///   - line: the line's text in the arena, in UTF-8.
    ///   - arena: gets the text behind everything else where it cannot stay as it is.
    package func parse(_ line: Range<Int>, in arena: ByteArena) throws(ContainerLine.Failure) -> ContainerLine {
        switch format {
        case .docker: return try docker(line, arena)
        case .cri: return try cri(line, arena)
        case .automatic:
            let text = arena.view(line)
            return text.isEmpty || text[0] != UInt8(ascii: "{") ? try cri(line, arena) : try docker(line, arena)
        }
    }

    // MARK: Docker

    private func docker(_ line: Range<Int>, _ arena: ByteArena) throws(ContainerLine.Failure) -> ContainerLine {
        do throws(JSONError) {
            try JSONScanner.scan(arena.view(line), origin: line.lowerBound, into: index)
            guard index.kind == .object else { throw JSONError(.notAnObject, at: 0) }
        } catch {
            throw .json(error)
        }
        var log: JSONIndex.Child?
        var time: JSONIndex.Child?
        var stream = ContainerStream.none
        var attributes = line.lowerBound..<line.lowerBound
        for number in 0..<index.children.count {
            let child = index.children[number]
            let key = arena.view(child.key)
            // As everywhere, of several members of one name the last counts.
            if key == ByteView("log") {
                log = child
            } else if key == ByteView("time") {
                time = child
            } else if key == ByteView("stream") {
                guard child.kind == .string else { throw .noString("stream") }
                guard let known = Self.stream(arena.view(Self.content(child))) else { throw .stream }
                stream = known
            } else if key == ByteView("attrs"), child.kind == .object {
                attributes = child.value
            }
        }
        guard let log else { throw .missing("log") }
        guard let time else { throw .missing("time") }
        guard log.kind == .string || log.kind == .escapedString else { throw .noString("log") }
        guard time.kind == .string, let parsed = Timestamp.parse(arena.view(Self.content(time))) else { throw .time }
        let (text, isPartial) = Self.text(log, arena)
        return ContainerLine(
            text: text,
            stream: stream,
            time: parsed.nanoseconds,
            timeDigits: parsed.fractionDigits,
            isPartial: isPartial,
            attributes: attributes
        )
    }

    private static func content(_ child: JSONIndex.Child) -> Range<Int> {
        child.value.lowerBound + 1..<child.value.upperBound - 1
    }

    /// The text of the member `log` without its line end, and whether it has none.
    private static func text(_ log: JSONIndex.Child, _ arena: ByteArena) -> (Range<Int>, isPartial: Bool) {
        var text = content(log)
        if log.kind == .string { return (text, true) }
        // Mostly the line feed at the end is all there is of escapes.
        let written = arena.view(text)
        if written.count >= 2, written[written.count - 1] == UInt8(ascii: "n"),
            written.firstIndex(of: UInt8(ascii: "\\")) == written.count - 2
        {
            return (text.lowerBound..<text.upperBound - 2, false)
        }
        // The arena must not move while it is read.
        arena.reserve(text.count + 16)
        let start = arena.count
        arena.appendUnescaped(arena.view(text))
        text = start..<arena.count
        let plain = arena.view(text)
        guard plain.count > 0, plain[plain.count - 1] == 0x0a else { return (text, true) }
        let hasReturn = plain.count > 1 && plain[plain.count - 2] == 0x0d
        return (start..<(text.upperBound - (hasReturn ? 2 : 1)), false)
    }

    private static func stream(_ name: ByteView) -> ContainerStream? {
        if name == ByteView("stdout") { return .standardOutput }
        if name == ByteView("stderr") { return .standardError }
        return nil
    }

    // MARK: CRI

    private func cri(_ line: Range<Int>, _ arena: ByteArena) throws(ContainerLine.Failure) -> ContainerLine {
        let text = arena.view(line)
        guard let timeEnd = text.firstIndex(of: 0x20) else { throw .form }
        guard let parsed = Timestamp.parse(text[0..<timeEnd]) else { throw .time }
        let streamStart = timeEnd + 1
        guard let streamLength = text[streamStart..<text.count].firstIndex(of: 0x20) else { throw .form }
        let streamEnd = streamStart + streamLength
        guard let stream = Self.stream(text[streamStart..<streamEnd]) else { throw .stream }
        var start = streamEnd + 1
        let tagsEnd = text[start..<text.count].firstIndex(of: 0x20).map { start + $0 } ?? text.count
        var isPartial = false
        // Before there were tags, the text stood here.
        if let partial = Self.isPartial(text[start..<tagsEnd]) {
            isPartial = partial
            start = min(tagsEnd + 1, text.count)
        }
        return ContainerLine(
            text: line.lowerBound + start..<line.upperBound,
            stream: stream,
            time: parsed.nanoseconds,
            timeDigits: parsed.fractionDigits,
            isPartial: isPartial,
            attributes: line.lowerBound..<line.lowerBound
        )
    }

    /// Whether there is a P among the tags; nil if there is neither P nor F, and so they are no tags.
    private static func isPartial(_ tags: ByteView) -> Bool? {
        var start = 0
        var found: Bool?
        while start <= tags.count {
            let end = tags[start..<tags.count].firstIndex(of: UInt8(ascii: ":")).map { start + $0 } ?? tags.count
            if end == start + 1 {
                if tags[start] == UInt8(ascii: "P") { return true }
                if tags[start] == UInt8(ascii: "F") { found = false }
            }
            start = end + 1
        }
        return found
    }
}
