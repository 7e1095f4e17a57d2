// SPDX-License-Identifier: Apache-2.0

/// Places in a file's content by which a copy is known that ends before what was read last: a few at its beginning, the
/// last that were read, and between them the fewer the longer ago.
package struct AnchorHistory {
    /// In the order of their ends.
    package private(set) var all: [FileFingerprint]

    /// The lengths of those at the beginning.
    package static let beginnings = [64, 128, 256, 512]
    private static let recent = 8
    package static let most = 16

    package init(_ anchors: [FileFingerprint] = []) { all = anchors.sorted { $0.end < $1.end } }

    var last: FileFingerprint? { all.last }

    package mutating func note(_ anchor: FileFingerprint) {
        let place = all.lastIndex { $0.end <= anchor.end }.map { $0 + 1 } ?? 0
        if place > 0, all[place - 1].end == anchor.end {
            all[place - 1] = anchor
            return
        }
        all.insert(anchor, at: place)
        thin()
    }

    private static func isBeginning(_ anchor: FileFingerprint) -> Bool {
        anchor.offset == 0 && beginnings.contains(anchor.length)
    }

    /// Lets go of the one that is missed least: whose neighbours are nearest to one another, seen from the end.
    private mutating func thin() {
        let first = all.prefix { Self.isBeginning($0) }.count
        guard all.count - first > Self.most, let end = all.last?.end else { return }
        var best = first
        var least = Double.infinity
        for index in (first + 1)..<(all.count - Self.recent) {
            let (before, after) = (all[index - 1].end, all[index + 1].end)
            let share = Double(after - before) / Double(max(1, end - before))
            if share < least { (best, least) = (index, share) }
        }
        all.remove(at: best)
    }
}
