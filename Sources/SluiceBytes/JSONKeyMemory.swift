// SPDX-License-Identifier: Apache-2.0

/// The keys of the objects that were scanned before, by their place in the object.
///
/// Neighbouring lines of a log have the same keys in the same order. What lies between two values, `,"key":` with the
/// white space in it, is compared with what lay there last time, a word at a time; where it is the same, the key needs
/// neither be read nor looked up again.
@usableFromInline
package final class JSONKeyMemory {
    /// What lies between two values, as it was when it was last read.
    struct Gap: BitwiseCopyable {
        /// Its first and its last eight bytes, which may overlap.
        var first: UInt64 = 0
        var last: UInt64 = 0
        /// Another number each time that something else is remembered here; 0 while there is nothing.
        var serial: UInt32 = 0
        /// At least 8; 0 while there is nothing.
        var length: UInt8 = 0
        /// Where the key lies in it, without its quotes.
        var keyStart: UInt8 = 0
        var keyEnd: UInt8 = 0
        /// How often something else stood here, modulo 256.
        var misses: UInt8 = 0
    }

    /// Members beyond these places are not remembered, nor are gaps longer than a slot.
    private static let places = 64
    private static let slot = 32

    private let text = ByteArena(capacity: places * slot)
    private let gaps = FlatArray<Gap>(capacity: places)
    @safe @exclusivity(unchecked) private var lastSerial: UInt32 = 0

    init() {
        for _ in 0..<(Self.places * Self.slot) { text.append(0) }
        gaps.append(repeating: Gap(), count: Self.places)
    }

    /// The gap of a place, if it stands at `position` once more.
    @inline(__always)
    func match(_ text: ByteView, _ position: Int, place: Int) -> Gap? {
        guard place < Self.places else { return nil }
        let gap = gaps[place]
        let last = Int(gap.length) &- 8
        guard last >= 0, position &+ last &+ 8 <= text.count, text.word(at: position) == gap.first,
            text.word(at: position &+ last) == gap.last
        else { return nil }
        if last > 8, !isSameInside(text, position, place, last) { return nil }
        return gap
    }

    /// Whether the words between the first and the last are those of a place, too.
    private func isSameInside(_ text: ByteView, _ position: Int, _ place: Int, _ last: Int) -> Bool {
        let known = self.text.view(place &* Self.slot..<(place &+ 1) &* Self.slot)
        var offset = 8
        while offset < last {
            if text.word(at: position &+ offset) != known.word(at: offset) { return false }
            offset &+= 8
        }
        return true
    }

    /// Remembers a gap: the first that comes, and then every eighth that was not expected. Where lines of several kinds
    /// take turns, remembering each would cost more than it gives.
    ///
    /// - Returns: its serial, or 0 if it is not remembered.
    func learn(_ text: ByteView, _ gap: Range<Int>, key: Range<Int>, place: Int) -> UInt32 {
        guard place < Self.places, gap.count <= Self.slot, gap.count >= 8 else { return 0 }
        let misses = gaps[place].misses &+ 1
        gaps[place].misses = misses
        guard misses & 7 == 1 else { return 0 }
        // Of most gaps the first and the last word are all.
        for offset in 8..<gap.count where gap.count > 16 {
            self.text.replace(at: place * Self.slot + offset, with: text[gap.lowerBound + offset])
        }
        lastSerial = lastSerial == .max ? 1 : lastSerial + 1
        gaps[place] = Gap(
            first: text.word(at: gap.lowerBound),
            last: text.word(at: gap.upperBound - 8),
            serial: lastSerial,
            length: UInt8(gap.count),
            keyStart: UInt8(key.lowerBound - gap.lowerBound),
            keyEnd: UInt8(key.upperBound - gap.lowerBound),
            misses: misses
        )
        return lastSerial
    }
}
