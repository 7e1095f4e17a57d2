// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("What of a file has been handed on")
struct HandedOnRangesTests {
    @Test("Events of one stream that end before an older one of another are handed on once")
    func interleaved() {
        var ranges = HandedOnRanges(position: 0)
        #expect(ranges.advance(to: 100, events: []) == [0..<100])
        // One event is open since 100; two others have ended.
        #expect(ranges.advance(to: 100, events: [200..<300, 300..<350]) == [200..<300, 300..<350])
        #expect(ranges.beyond == [200..<350] && ranges.position == 100)
        // The open one ends: its lines, and not those of the others.
        #expect(ranges.advance(to: 500, events: []) == [100..<200, 350..<500])
        #expect(ranges == HandedOnRanges(position: 500))
        #expect(ranges.advance(to: 500, events: []).isEmpty)
    }

    @Test("An event with others between its lines may lie on both sides of the position")
    func bothSides() {
        var ranges = HandedOnRanges(position: 10, beyond: [40..<50, 0..<5])
        #expect(ranges.beyond == [40..<50])
        #expect(ranges.advance(to: 20, events: [30..<40]) == [10..<20, 30..<40])
        #expect(ranges.beyond == [30..<50])
        // What had been handed on before is not handed on again.
        #expect(ranges.advance(to: 20, events: [40..<50]).isEmpty)
        #expect(ranges.advance(to: 60, events: [50..<60]) == [20..<30, 50..<60])
    }
}

@Suite("What need not be handed on again")
struct DoneRangesTests {
    @Test("Only what all outputs have")
    func all() {
        var generation = Generation(
            row: 1,
            identifier: "A",
            path: "/a",
            device: 1,
            inode: 1,
            head: FileFingerprint(offset: 0, length: 0, hash: 0)
        )
        var first = ByteRanges(contiguous: 100)
        for range in [200..<300, 400..<500] as [Range<Int64>] { first.insert(range) }
        generation.progress["first"] = first
        #expect(generation.doneRanges(outputs: ["first", "other"]) == [200..<300, 400..<500])
        var second = ByteRanges(contiguous: 250)
        second.insert(450..<600)
        generation.progress["second"] = second
        #expect(generation.doneRanges(outputs: ["first", "second"]) == [200..<250, 450..<500])
        #expect(generation.doneRanges(outputs: ["second"]) == [450..<600])
        #expect(generation.doneRanges(outputs: ["other"]).isEmpty)
        #expect(first.contains(410..<500) && first.contains(0..<100) && !first.contains(90..<110))
    }
}
