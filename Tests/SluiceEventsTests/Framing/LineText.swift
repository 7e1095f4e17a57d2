// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// A framed line with its text, to compare.
struct LineText: Equatable, CustomStringConvertible {
    var text: String
    var start: Int64
    var end: Int64
    var flags: FramedLine.Flags

    var description: String { "\(start)..<\(end) \(flags.rawValue) \(text.debugDescription)" }

    init(_ text: String, _ start: Int64, _ end: Int64, _ flags: FramedLine.Flags = []) {
        self.text = text
        self.start = start
        self.end = end
        self.flags = flags
    }

    init(_ line: FramedLine, _ arena: ByteArena) {
        self.init(arena.view(line.text).string, line.fileStart, line.fileEnd, line.flags)
    }

    /// The lines that a framer makes of `bytes`, given in pieces of these lengths over and over.
    static func lines(
        of bytes: [UInt8],
        _ framer: LineFramer,
        pieces: () -> Int = { Int.max }
    ) throws -> [LineText] {
        let arena = ByteArena(capacity: 64)
        let lines = FramedLines()
        var found: [LineText] = []
        var wanted = 0
        while framer.nextOffset < bytes.count {
            let from = Int(framer.nextOffset)
            wanted = max(pieces(), wanted)
            let length = min(wanted, bytes.count - from)
            // Whatever else is in the batch stays as it is.
            arena.removeAll()
            arena.append("before")
            let start = arena.count
            arena.append(Array(bytes[from..<(from + length)]))
            lines.removeAll()
            try framer.frame(arena, from: start, into: lines)
            found += lines.lines.map { LineText($0, arena) }
            if framer.nextOffset == Int64(from) {
                // Half a character needs more.
                if length == bytes.count - from { break }
                wanted = length + 1
            } else {
                wanted = 0
            }
        }
        return found
    }
}
