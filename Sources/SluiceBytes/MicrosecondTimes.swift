// SPDX-License-Identifier: Apache-2.0

/// Writes RFC 3339 times with microseconds that are near one another: it keeps the text of the last second.
@usableFromInline
package struct MicrosecondTimes {
    /// The first nanosecond of the second whose text is kept.
    @usableFromInline var start = Int64.max
    /// `2026-11-22T03:32:00.` in 20 bytes and 4 more.
    @usableFromInline var head: (UInt64, UInt64, UInt64) = (0, 0, 0)

    package init() {}

    /// The most bytes that a time takes.
    @inlinable package static var room: Int { 40 }

    /// Writes `2026-11-22T03:32:00.123456Z`, cutting what is finer.
    @inlinable
    @inline(__always)
    package mutating func write(_ nanoseconds: Int64, to cursor: inout ByteCursor) {
        let (within, isOutside) = nanoseconds.subtractingReportingOverflow(start)
        guard !isOutside, UInt64(bitPattern: within) < 1_000_000_000 else {
            return writeNewSecond(nanoseconds, to: &cursor)
        }
        cursor.append(word: head.0, used: 8)
        cursor.append(word: head.1, used: 8)
        cursor.append(word: head.2, used: 4)
        let microseconds = UInt64(UInt32(truncatingIfNeeded: within) / 1000)
        // Six digits, and then zeros, of which the first becomes the Z.
        cursor.append(word: DecimalWord.digits(microseconds &* 100) | 0x305a_3030_3030_3030, used: 7)
    }

    @usableFromInline
    mutating func writeNewSecond(_ nanoseconds: Int64, to cursor: inout ByteCursor) {
        let arena = ByteArena(capacity: 64)
        Timestamp.write(nanoseconds, fractionDigits: 6, to: arena)
        cursor.append(arena.view)
        let (second, isTooEarly) = Timestamp.floorDivide(nanoseconds, 1_000_000_000)
            .multipliedReportingOverflow(by: 1_000_000_000)
        // Only years of four digits have text of this length.
        guard arena.count == 27, !isTooEarly else { return }
        head = (arena.view.word(at: 0), arena.view.word(at: 8), arena.view.word(at: 16))
        start = second
    }
}
