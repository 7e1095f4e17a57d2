// SPDX-License-Identifier: Apache-2.0

/// Writes RFC 3339 times that are near one another: it remembers the text of the last second.
package struct TimestampWriter {
    private var second = Int64.min
    /// `2026-11-22T03:32:00` as three words.
    private var head = InlineArray<3, UInt64>(repeating: 0)

    package init() {}

    /// Writes the instant with this many fraction digits (0 to 9; what is finer is cut), ending in `Z`.
    package mutating func write(_ nanoseconds: Int64, fractionDigits: Int, to arena: ByteArena) {
        let seconds = Timestamp.floorDivide(nanoseconds, 1_000_000_000)
        if seconds != second {
            let start = arena.count
            Timestamp.write(nanoseconds, fractionDigits: 0, to: arena)
            // Only years of four digits have the 19 bytes that are kept.
            guard arena.count == start + 20 else {
                arena.truncate(to: start)
                Timestamp.write(nanoseconds, fractionDigits: fractionDigits, to: arena)
                return
            }
            let text = arena.view(start..<arena.count)
            head[0] = text.word(at: 0)
            head[1] = text.word(at: 8)
            head[2] = text.word(at: 12) >> 32
            second = seconds
            arena.truncate(to: start)
        }
        var cursor = ByteCursor(arena, room: 30)
        cursor.append(word: head[0], used: 8)
        cursor.append(word: head[1], used: 8)
        cursor.append(word: head[2], used: 3)
        cursor.append(fraction: nanoseconds &- seconds &* 1_000_000_000, digits: fractionDigits)
        cursor.append(UInt8(ascii: "Z"))
        cursor.finish(arena)
    }
}
