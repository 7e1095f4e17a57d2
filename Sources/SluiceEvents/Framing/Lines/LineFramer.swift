// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Cuts one file's bytes into lines and makes UTF-8 of them. The bytes come in pieces that may end anywhere; how they
/// are cut changes nothing.
///
/// What has begun and not ended is kept here, up to the longest line that is allowed; more of a line is looked through
/// and forgotten. NUL characters, as sparse and preallocated files have them, are no text and are left out. While they
/// are the last thing in a file, something may still be written over them, so they stay unread (`lookAgain`).
package final class LineFramer {
    private let options: LineOptions
    private let head: [UInt8]
    /// The file's byte at which the next piece begins.
    package private(set) var nextOffset: Int64
    /// The first byte of the line that has begun and not ended; `nextOffset` if there is none.
    package var firstUnfinished: Int64 { isOpen ? lineStart : (nulStart ?? nextOffset) }
    /// Whether a line has begun and not ended.
    package var hasUnfinishedLine: Bool { isOpen }

    /// Made with the first piece: before, the byte order may not be known.
    private var format: LineFormat?
    private var lineStart: Int64
    private var isOpen = false
    /// Where the NULs begin after which nothing has come yet.
    private var nulStart: Int64?
    /// What came of the open line, without NULs, in the file's encoding.
    private let carry = ByteArena(capacity: 4096)
    /// How much came; past what is kept, more than `carry` holds.
    private var carried = 0
    /// The last bytes of the open line, the last of them lowest: a line end may be cut in two.
    private var recent: UInt64 = 0
    private var recentCount = 0
    /// Whether they stand right in front of the piece.
    private var isAdjacent = true
    /// The piece, where text cannot stay where it is.
    private let raw = ByteArena(capacity: 64)

    /// - Parameters:
    ///   - offset: where in the file the first piece will begin: 0, or a former `firstUnfinished`.
    ///   - head: the file's first two bytes; needed where `offset` is not 0 and the byte order goes by a mark.
    package init(_ options: LineOptions, offset: Int64 = 0, head: ByteView = .empty) {
        self.options = options
        self.head = head.array
        nextOffset = offset
        lineStart = offset
    }

    /// Forgets that NULs at the end were read: the next piece begins where they do, because something may stand there by
    /// now. Called where a file's end has been reached.
    package func lookAgain() {
        guard let start = nulStart else { return }
        nextOffset = start
        nulStart = nil
    }

    // MARK: A piece

    /// Cuts a piece that was read into the arena, at its end, into lines. Their text lies in the arena afterwards; what
    /// nobody needs any more is gone from it where it was the last thing in it.
    ///
    /// - Parameter start: where the piece begins in the arena. It begins at `nextOffset` in the file.
    /// - Throws: if this system does not know the encoding any more.
    package func frame(_ arena: ByteArena, from start: Int, into lines: FramedLines) throws(TextDecoder.Failure) {
        guard start >= 0, start < arena.count else { return }
        let format = try openFormat(arena.view(start..<arena.count))
        if format.decoder.isUTF8 {
            let end = arena.count
            let textEnd = cut(arena, start..<end, format, arena, lines)
            // Whatever was written behind the piece stays, and the piece with it.
            if arena.count == end { arena.truncate(to: textEnd) }
        } else {
            raw.removeAll()
            raw.append(arena.view(start..<arena.count))
            arena.truncate(to: start)
            _ = cut(raw, 0..<raw.count, format, arena, lines)
        }
    }

    private func openFormat(_ piece: ByteView) throws(TextDecoder.Failure) -> LineFormat {
        if let format { return format }
        let format: LineFormat
        if nextOffset == 0 {
            format = try LineFormat(options, head: piece)
        } else {
            let options = options
            format = try head.withByteView { view throws(TextDecoder.Failure) in try LineFormat(options, head: view) }
        }
        self.format = format
        return format
    }

    /// - Returns: where in `source` the last whole line ends.
    private func cut(
        _ source: ByteArena,
        _ piece: Range<Int>,
        _ format: LineFormat,
        _ arena: ByteArena,
        _ lines: FramedLines
    ) -> Int {
        // Half a unit is left for the next piece.
        let end = piece.upperBound - (piece.count % format.unit)
        let origin = nextOffset - Int64(piece.lowerBound)
        // What came before NULs does not stand in front of this piece.
        isAdjacent = nulStart == nil
        var position = piece.lowerBound
        var lastEnd = piece.lowerBound
        while position < end {
            if !isOpen {
                let text = format.skipNULs(source, position, end)
                guard text < end else { break }
                position = text
                open(at: origin + Int64(position))
            }
            guard let (contentEnd, next) = findEnd(source, position, end, format) else { break }
            finish(source, position, contentEnd, next: origin + Int64(next), format, arena, lines)
            nulStart = nil
            position = next
            lastEnd = next
        }
        keep(source, position..<end, origin: origin, format)
        nextOffset = origin + Int64(end)
        return lastEnd
    }

    private func open(at offset: Int64) {
        lineStart = offset
        isOpen = true
        nulStart = nil
        carried = 0
        recentCount = 0
    }

    /// Finds the next line end.
    ///
    /// - Returns: where the line's content ends, which lies before `position` if the line end began in an earlier piece,
    ///   and where the next line begins.
    private func findEnd(
        _ source: ByteArena,
        _ position: Int,
        _ end: Int,
        _ format: LineFormat
    ) -> (contentEnd: Int, next: Int)? {
        let view = source.view(0..<end)
        let before = format.terminator.count - format.unit
        var from = position
        while let last = format.findLastUnit(view, from, end, aligned: position) {
            let isWhole = (0..<before).allSatisfy { index in
                let place = last - before + index
                if place >= position { return view[place] == format.terminator[index] }
                let back = position - place
                return isAdjacent && back <= recentCount
                    && UInt8(truncatingIfNeeded: recent >> UInt64((back - 1) * 8)) == format.terminator[index]
            }
            if isWhole { return (last - before, last + format.unit) }
            from = last + format.unit
        }
        return nil
    }

    /// Keeps what has begun: all but the NULs at the end.
    private func keep(_ source: ByteArena, _ rest: Range<Int>, origin: Int64, _ format: LineFormat) {
        let textEnd = isOpen ? format.trimNULs(source, rest) : rest.lowerBound
        if textEnd > rest.lowerBound {
            nulStart = nil
            carry(source, rest.lowerBound..<textEnd, format)
            if !isAdjacent { recentCount = 0 }
            for index in max(rest.lowerBound, textEnd - 8)..<textEnd {
                recent = recent << 8 | UInt64(source.view[index])
                recentCount = min(recentCount + 1, 8)
            }
        }
        if textEnd < rest.upperBound, nulStart == nil { nulStart = origin + Int64(textEnd) }
    }

    /// Adds bytes to the open line's, without NULs.
    private func carry(_ source: ByteArena, _ range: Range<Int>, _ format: LineFormat) {
        // What a line end or a byte-order mark may take away again is kept beyond the longest line.
        let room = format.maximumBytes + 8
        format.forEachText(source, range) { part in
            if carried < room {
                carry.append(source.view(part.lowerBound..<min(part.upperBound, part.lowerBound + room - carried)))
            }
            carried += part.count
        }
    }

    // MARK: A line

    /// - Parameters:
    ///   - start: where what is in the piece of the line begins.
    ///   - end: where its content ends; before `start` if the line end began in an earlier piece.
    private func finish(
        _ source: ByteArena,
        _ start: Int,
        _ end: Int,
        next: Int64,
        _ format: LineFormat,
        _ arena: ByteArena,
        _ lines: FramedLines
    ) {
        isOpen = false
        let file = lineStart..<next
        if carried == 0, !format.hasNUL(source, start..<end) {
            // The usual line: all of it is in the piece.
            var count = end - start
            if format.endsWithCarriageReturn(source.view(start..<end)) { count -= format.unit }
            add(source, start..<(start + count), file, total: count, format, arena, lines)
            return
        }
        if start < end {
            carry(source, start..<end, format)
        } else {
            carried = max(0, carried - (start - end))
            carry.truncate(to: carried)
        }
        if carried == carry.count, format.endsWithCarriageReturn(carry.view) {
            carried -= format.unit
            carry.truncate(to: carried)
        }
        add(carry, 0..<carry.count, file, total: carried, format, arena, lines)
        carry.removeAll()
        carried = 0
        // One giant line does not stay paid for.
        if carry.capacity > 64 << 10 { carry.shrink(to: 4096) }
    }

    /// - Parameter total: how many bytes the line has; there may be less of them.
    private func add(
        _ source: ByteArena,
        _ content: Range<Int>,
        _ file: Range<Int64>,
        total: Int,
        _ format: LineFormat,
        _ arena: ByteArena,
        _ lines: FramedLines
    ) {
        var content = content
        var total = total
        if file.lowerBound == 0, format.byteOrderMark.withByteView({ source.view(content).hasPrefix($0) }) {
            content = (content.lowerBound + format.byteOrderMark.count)..<content.upperBound
            total -= format.byteOrderMark.count
        }
        var text = content.lowerBound..<(content.lowerBound + format.cut(source.view(content)))
        var flags: FramedLine.Flags = total > format.maximumBytes ? .truncated : []
        if source !== arena || !UTF8Sequence.isValid(arena.view(text)) {
            let start = arena.count
            var hasInvalid = format.decode(source, text, to: arena)
            text = start..<arena.count
            if text.count > options.maximumBytes {
                flags.insert(.truncated)
                text = start..<(start + UTF8Sequence.cut(arena.view(text), to: options.maximumBytes))
                arena.truncate(to: text.upperBound)
            }
            // What was no text may have been cut off, or be no more than a character that was cut.
            if hasInvalid, flags.contains(.truncated) { hasInvalid = arena.view(text).contains(ByteView("\u{fffd}")) }
            if hasInvalid { flags.insert(.invalidText) }
        }
        if text.isEmpty, !options.keepsEmptyLines { return }
        lines.lines.append(FramedLine(text: text, file: file, flags: flags))
    }
}
