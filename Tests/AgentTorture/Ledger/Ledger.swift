// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Which line lay in which content, and what became of the contents. One for each writer, so that they do not wait for
/// one another.
final class Ledger: Sendable {
    private struct State {
        var lines: [WrittenLine] = []
        var contents: [Content] = []
    }

    private let state = Mutex(State())

    var lineCount: Int { state.withLock { $0.lines.count } }

    // MARK: What writers do

    func addContent(inode: UInt64, name: String) -> Int {
        let now = MachineClock.monotonic()
        return state.withLock { state in
            state.contents.append(Content(inode: inode, made: now))
            state.contents[state.contents.count - 1].history.append(.init(time: now, text: "made as \(name)"))
            return state.contents.count - 1
        }
    }

    /// A copy has all lines that the original has now.
    func addCopy(of original: Int, inode: UInt64, name: String) -> Int {
        let copy = addContent(inode: inode, name: "\(name), a copy of inode \(self.inode(original))")
        state.withLock { $0.contents[original].copies.append(copy) }
        note(original, "copied to \(name)")
        return copy
    }

    private func inode(_ content: Int) -> UInt64 { state.withLock { $0.contents[content].inode } }

    /// The line is complete; its number is the next one.
    func addLine(content: Int, offset: Int64) {
        let now = MachineClock.monotonic()
        state.withLock { $0.lines.append(WrittenLine(time: now, content: Int32(content), offset: offset)) }
    }

    /// A line is complete that has a number of its own.
    func setLine(_ number: Int, content: Int) {
        let now = MachineClock.monotonic()
        state.withLock { state in
            while state.lines.count <= number { state.lines.append(WrittenLine(time: now, content: -1, offset: -1)) }
            state.lines[number] = WrittenLine(time: now, content: Int32(content), offset: -1)
        }
    }

    func note(_ content: Int, _ text: String) {
        let now = MachineClock.monotonic()
        state.withLock { $0.contents[content].history.append(.init(time: now, text: text)) }
    }

    func destroy(_ content: Int, _ end: Content.End) {
        let now = MachineClock.monotonic()
        state.withLock { state in
            state.contents[content].destroyed = now
            state.contents[content].end = end
            state.contents[content].history.append(.init(time: now, text: "\(end)"))
        }
    }

    // MARK: What the checker asks

    func line(_ number: Int) -> WrittenLine? {
        state.withLock { $0.lines.indices.contains(number) ? $0.lines[number] : nil }
    }

    func content(_ number: Int) -> Content? {
        state.withLock { $0.contents.indices.contains(number) ? $0.contents[number] : nil }
    }

    /// Whether a line had to be delivered.
    func reach(_ number: Int, _ timeline: Timeline) -> Timeline.Reach {
        let (line, holders) = state.withLock { state in
            let line = state.lines[number]
            return (line, Self.holders(of: line, state.contents))
        }
        var result = Timeline.Reach.away
        for content in holders {
            guard let destroyed = content.destroyed else { return .reachable }
            let reach = timeline.reach(
                written: max(line.time, content.made),
                destroyed: destroyed,
                staysOpen: content.end == .deleted
            )
            if reach == .reachable { return reach }
            if reach == .tooShort { result = reach }
        }
        return result
    }

    /// All contents that had a line: the first, and the copies that were made of it afterwards.
    private static func holders(of line: WrittenLine, _ contents: [Content]) -> [Content] {
        guard contents.indices.contains(Int(line.content)) else { return [] }
        var found = [contents[Int(line.content)]]
        var open = found[0].copies
        while let number = open.popLast() {
            guard contents[number].made >= line.time else { continue }
            found.append(contents[number])
            open += contents[number].copies
        }
        return found
    }
}
