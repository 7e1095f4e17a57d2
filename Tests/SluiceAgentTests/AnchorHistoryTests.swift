// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("Places by which a copy is known")
struct AnchorHistoryTests {
    private static func anchor(_ end: Int64) -> FileFingerprint {
        let length = min(end, 100)
        return FileFingerprint(offset: end - length, length: Int(length), hash: UInt64(end))
    }

    @Test("Few are kept, in their order, the last of them all, and the older ones ever farther apart")
    func thinning() {
        var history = AnchorHistory()
        for length in AnchorHistory.beginnings {
            history.note(FileFingerprint(offset: 0, length: length, hash: 0))
        }
        for number in 1...10_000 { history.note(Self.anchor(1000 * Int64(number))) }
        let ends = history.all.map(\.end)
        #expect(ends == ends.sorted())
        #expect(Array(ends.prefix(4)) == [64, 128, 256, 512])
        #expect(ends.count == AnchorHistory.most + 4)
        #expect(Array(ends.suffix(8)) == (9993...10_000).map { 1000 * $0 })
        // Whatever a copy's size, the nearest place before it is not much farther from the end than the copy's own.
        for size in stride(from: Int64(2000), to: 10_000_000, by: 7919) {
            let nearest = ends.last { $0 <= size } ?? 0
            #expect(10_000_000 - nearest <= 8 * (10_000_000 - size) + 16_000, "\(size): \(nearest)")
        }
    }

    @Test("What is read again is no second place")
    func again() {
        var history = AnchorHistory([Self.anchor(3000), Self.anchor(1000)])
        for end in [1000, 2000, 3000] as [Int64] { history.note(Self.anchor(end)) }
        #expect(history.all.map(\.end) == [1000, 2000, 3000])
    }

    @Test("A rotated name is told from another service's")
    func names() {
        for suffix in [".1", "-20261124", ".2026-11-24T10", "_3", ".1.gz", "-20261124.gz", ".old", ".old.gz", ".prev"] {
            #expect(FileCopy.isRotated("/l/app.log" + suffix, from: "/l/app.log"))
        }
        for name in ["l/app.logger.log", "l/app.log", "l/app.log.bak", "l/app.log.swp", "m/app.log.1", "l/other.1"] {
            #expect(!FileCopy.isRotated("/" + name, from: "/l/app.log"))
        }
    }
}
