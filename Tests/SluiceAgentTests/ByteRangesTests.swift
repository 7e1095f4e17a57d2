// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("What an output has said yes to")
struct ByteRangesTests {
    @Test("Acknowledgements in any order end as one offset")
    func anyOrder() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var cuts = Set((0..<20).map { _ in Int64.random(in: 1..<1000, using: &generator) })
            cuts.formUnion([0, 1000])
            let sorted = cuts.sorted()
            var ranges = zip(sorted, sorted.dropFirst()).map { $0..<$1 }
            ranges.shuffle(using: &generator)
            var progress = ByteRanges()
            var said: [Range<Int64>] = []
            for range in ranges {
                progress.insert(range)
                said.append(range)
                for offset in stride(from: Int64(0), to: 1000, by: 37) {
                    #expect(progress.contains(offset) == said.contains { $0.contains(offset) })
                }
            }
            #expect(progress == ByteRanges(contiguous: 1000))
        }
    }

    @Test("A gap holds the offset back, and what is beyond is kept as few ranges")
    func gap() {
        var progress = ByteRanges(contiguous: 10)
        progress.insert(20..<30)
        progress.insert(40..<50)
        progress.insert(30..<40)
        #expect(progress.contiguous == 10)
        #expect(progress.beyond == [20..<50])
        #expect(progress.end == 50)
        progress.insert(5..<20)
        #expect(progress == ByteRanges(contiguous: 50))
    }
}
