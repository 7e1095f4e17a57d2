// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The pieces of one stream's line that have come before its last one.
final class ContainerPieces {
    private let maximumBytes: Int
    private var first: FramedLine?
    private let ranges = FileRanges()
    private let text = ByteArena(capacity: 64)
    private let attributes = ByteArena(capacity: 64)
    /// Nothing is added any more, even if a shorter character would fit.
    private var isCut = false

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    var firstUnfinished: Int64? { first == nil ? nil : ranges.start }

    func append(_ parsed: ContainerLine, _ line: FramedLine, in arena: ByteArena, into output: FramedLines) {
        var whole = line
        whole.textStart = UInt32(truncatingIfNeeded: parsed.text.lowerBound)
        whole.textEnd = UInt32(truncatingIfNeeded: parsed.text.upperBound)
        whole.attributesStart = UInt32(truncatingIfNeeded: parsed.attributes.lowerBound)
        whole.attributesEnd = UInt32(truncatingIfNeeded: parsed.attributes.upperBound)
        whole.stream = parsed.stream
        whole.time = parsed.time
        whole.timeDigits = UInt8(clamping: parsed.timeDigits)
        whole.flags.insert(.hasTime)
        if first == nil, !parsed.isPartial {
            // The usual line: one piece.
            if whole.text.count > maximumBytes {
                whole.flags.insert(.truncated)
                whole.textEnd = whole.textStart + UInt32(UTF8Sequence.cut(arena.view(whole.text), to: maximumBytes))
            }
            output.lines.append(whole)
            return
        }
        if first == nil {
            first = whole
            ranges.removeAll()
            text.removeAll()
            isCut = false
            attributes.removeAll()
            attributes.append(arena.view(whole.attributes))
        }
        ranges.add(FileRange(start: line.fileStart, end: line.fileEnd))
        first?.flags.formUnion(line.flags)
        if !isCut {
            let count = UTF8Sequence.cut(arena.view(whole.text), to: maximumBytes - text.count)
            text.append(arena.view(whole.text)[0..<count])
            isCut = count < whole.text.count
        }
        if isCut { first?.flags.insert(.truncated) }
        if ranges.isFull { first?.flags.insert(.truncated) }
        if !parsed.isPartial || ranges.isFull { finish(arena, into: output) }
    }

    /// As `MultilineJoiner.take`.
    func take(over other: ContainerPieces, end: Int64) {
        guard let open = other.first else { return }
        other.first = nil
        first = open
        ranges.removeAll()
        ranges.add(other.ranges, shift: end)
        text.removeAll()
        text.append(other.text.view)
        attributes.removeAll()
        attributes.append(other.attributes.view)
        isCut = other.isCut
    }

    func flush(_ arena: ByteArena, into output: FramedLines) {
        first?.flags.insert(.forced)
        finish(arena, into: output)
    }

    private func finish(_ arena: ByteArena, into output: FramedLines) {
        guard var line = first else { return }
        first = nil
        line.textStart = UInt32(truncatingIfNeeded: arena.count)
        arena.append(text.view)
        line.textEnd = UInt32(truncatingIfNeeded: arena.count)
        line.attributesStart = line.textEnd
        arena.append(attributes.view)
        line.attributesEnd = UInt32(truncatingIfNeeded: arena.count)
        if text.capacity > 64 << 10 { text.shrink(to: 64) }
        ranges.set(&line, of: output)
        output.lines.append(line)
    }
}
