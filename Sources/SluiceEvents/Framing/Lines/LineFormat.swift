// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// What line ends, NULs and text look like in the bytes of one file.
struct LineFormat {
    let decoder: TextDecoder
    /// Characters are aligned to this many bytes.
    let unit: Int
    /// The bytes that end a line.
    let terminator: [UInt8]
    /// The bytes that, in front of a line end, belong to it; empty if there are none.
    private let carriageReturn: [UInt8]
    /// More bytes than this are not needed of a line.
    let maximumBytes: Int
    /// A byte-order mark, as it may stand at the file's beginning; empty if there is none.
    let byteOrderMark: [UInt8]
    /// NULs are left out, unless they end lines.
    private let skipsNULs: Bool

    /// - Parameter head: the file's first bytes.
    init(_ options: LineOptions, head: ByteView) throws(TextDecoder.Failure) {
        let encoding = options.encoding
        decoder = try TextDecoder(encoding, head: head)
        unit = encoding.unit
        let isBigEndian = decoder.isBigEndian
        guard let terminator = LineTerminator.bytes(options.terminator.text, in: encoding, isBigEndian: isBigEndian),
            !terminator.isEmpty
        else { throw .unknownToSystem(encoding.name) }
        self.terminator = terminator
        carriageReturn =
            options.terminator == .automatic
            ? LineTerminator.bytes("\r", in: encoding, isBigEndian: isBigEndian) ?? [] : []
        maximumBytes = options.maximumBytes * encoding.shrinkage
        byteOrderMark =
            encoding.hasByteOrderMark
            ? LineTerminator.bytes("\u{feff}", in: encoding, isBigEndian: isBigEndian) ?? [] : []
        skipsNULs = options.terminator != .null
    }

    // MARK: Line ends

    /// Finds the last unit of a line end, at `from` or after it.
    ///
    /// - Parameter aligned: where some unit begins.
    @inline(__always)
    func findLastUnit(_ view: ByteView, _ from: Int, _ end: Int, aligned: Int) -> Int? {
        let last = terminator.count - unit
        if unit == 1 { return view[from..<end].firstIndex(of: terminator[last]).map { from + $0 } }
        // Of the two bytes, the one that is not 0 is rarer.
        let place = terminator[last] == 0 ? 1 : 0
        var position = from
        while position < end, let found = view[position..<end].firstIndex(of: terminator[last + place]) {
            let start = position + found - place
            if start >= from, (start - aligned) & 1 == 0, start + 2 <= end,
                view[start + 1 - place] == terminator[last + 1 - place]
            {
                return start
            }
            position += found + 1
        }
        return nil
    }

    func endsWithCarriageReturn(_ content: ByteView) -> Bool {
        let count = carriageReturn.count
        guard count > 0, content.count >= count else { return false }
        for index in 0..<count where content[content.count - count + index] != carriageReturn[index] { return false }
        return true
    }

    // MARK: NULs

    @inline(__always)
    private func isNUL(_ view: ByteView, _ position: Int) -> Bool {
        view[position] == 0 && (unit == 1 || view[position + 1] == 0)
    }

    /// The first position from `start` on that is no NUL.
    func skipNULs(_ source: ByteArena, _ start: Int, _ end: Int) -> Int {
        guard skipsNULs else { return start }
        let view = source.view(0..<end)
        var position = start
        while position < end, isNUL(view, position) {
            if position + 8 <= end, view.word(at: position) == 0 { position += 8 } else { position += unit }
        }
        return position
    }

    /// Where a range ends without the NULs at its end.
    func trimNULs(_ source: ByteArena, _ range: Range<Int>) -> Int {
        guard skipsNULs else { return range.upperBound }
        let view = source.view(0..<range.upperBound)
        var end = range.upperBound
        while end > range.lowerBound, isNUL(view, end - unit) { end -= unit }
        return end
    }

    func hasNUL(_ source: ByteArena, _ range: Range<Int>) -> Bool {
        guard skipsNULs else { return false }
        let view = source.view(range)
        if unit == 1 { return view.firstIndex(of: 0) != nil }
        var position = 0
        while position < view.count {
            if isNUL(view, position) { return true }
            position += unit
        }
        return false
    }

    /// Runs `body` with each stretch of a range that has no NULs in it.
    func forEachText(_ source: ByteArena, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
        var position = range.lowerBound
        while position < range.upperBound {
            let start = skipNULs(source, position, range.upperBound)
            position = start
            if skipsNULs, unit == 1 {
                position =
                    source.view(start..<range.upperBound).firstIndex(of: 0).map { start + $0 } ?? range.upperBound
            } else if skipsNULs {
                let view = source.view(0..<range.upperBound)
                while position < range.upperBound, !isNUL(view, position) { position += unit }
            } else {
                position = range.upperBound
            }
            if start < position { body(start..<position) }
        }
    }

    // MARK: Text

    /// Appends the text of a range of `source`.
    ///
    /// - Returns: whether some of it was no text.
    func decode(_ source: ByteArena, _ range: Range<Int>, to arena: ByteArena) -> Bool {
        if source !== arena { return decoder.append(source.view(range), to: arena) }
        // The arena must not move while it is read: what is written is three times as long at most.
        arena.reserve(range.count * 3 + 16)
        return decoder.append(arena.view(range), to: arena)
    }

    /// How many bytes of a line's `count` are taken, where there are more than allowed: whole characters, as far as that
    /// can be seen.
    func cut(_ content: ByteView) -> Int {
        guard content.count > maximumBytes else { return content.count }
        return decoder.isUTF8 ? UTF8Sequence.cut(content, to: maximumBytes) : maximumBytes
    }
}
