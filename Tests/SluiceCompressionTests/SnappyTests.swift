// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceCompression
import TestSupport
import Testing

@Suite struct SnappyTests {
    private func compressed(_ text: [UInt8], _ compressor: SnappyCompressor = SnappyCompressor()) -> [UInt8] {
        let output = ByteArena(capacity: 64)
        text.withByteView { compressor.compress($0, to: output) }
        return output.view.array
    }

    private func decompressed(_ data: [UInt8], limit: Int = 1 << 24) throws(SnappyError) -> [UInt8] {
        let output = ByteArena(capacity: 64)
        try data.withByteView { data throws(SnappyError) in
            try SnappyDecompressor.decompress(data, to: output, limit: limit)
        }
        return output.view.array
    }

    @Test func bothWays() throws {
        var random = SplitMix64(seed: 11)
        let compressor = SnappyCompressor()
        for round in 0..<300 {
            let count = random.pick([
                0, 1, 3, 7, 8, 9, 15, 59, 60, 61, 62, 255, 256, 257, 4000, 65_535, 65_536, 65_537, 200_000,
            ])
            let alphabet = random.pick([1, 2, 4, 20, 256])
            var text = (0..<count).map { _ in UInt8(random.below(alphabet)) }
            // What stood before, at any distance and of any length.
            for _ in 0..<random.below(20) where text.count > 100 {
                let from = random.below(text.count - 1)
                let length = min(random.pick([4, 11, 12, 63, 64, 65, 67, 68, 69, 500]), text.count - from)
                let to = random.below(text.count - length + 1)
                for index in 0..<length { text[to + index] = text[from + index] }
            }
            let data = compressed(text, compressor)
            #expect(try decompressed(data) == text, "seed 11, round \(round)")
            #expect(data.count <= 10 + text.count + text.count / 6 + 32)
        }
    }

    @Test func logsGetSmaller() throws {
        var text: [UInt8] = []
        for number in 0..<5000 { text += Array("{\"user\":\(number),\"message\":\"prediction served\"}\n".utf8) }
        let data = compressed(text)
        #expect(data.count * 3 < text.count)
        #expect(try decompressed(data) == text)
    }

    /// Written by hand, from the description of the format.
    static let known: [([UInt8], String)] = [
        ([0], ""),
        ([3, 0x08, 0x61, 0x62, 0x63], "abc"),
        // A copy of one byte's offset that goes on into what it makes: 1 + 9.
        ([10, 0x00, 0x61, 0x15, 0x01], "aaaaaaaaaa"),
        // Two and four bytes of offset.
        ([6, 0x08, 0x61, 0x62, 0x63, 0x0a, 0x03, 0x00], "abcabc"),
        ([6, 0x08, 0x61, 0x62, 0x63, 0x0b, 0x03, 0x00, 0x00, 0x00], "abcabc"),
        // A literal whose length takes a byte of its own.
        ([3, 0xf0, 0x02, 0x61, 0x62, 0x63], "abc"),
        ([3, 0xfc, 0x02, 0x00, 0x00, 0x00, 0x61, 0x62, 0x63], "abc"),
    ]

    @Test(arguments: known)
    func theFormatIsAsDescribed(data: [UInt8], text: String) throws {
        #expect(try decompressed(data) == Array(text.utf8))
    }

    static let damaged: [([UInt8], String)] = [
        ([], "too early"),
        ([0x80], "too early"),
        ([0xff, 0xff, 0xff, 0xff, 0xff, 0x01], "32 bits"),
        ([0xff, 0xff, 0xff, 0xff, 0x7f], "32 bits"),
        ([0xff, 0xff, 0x03, 0x00], "cannot hold"),
        ([3, 0x08, 0x61], "too early"),
        ([4, 0x08, 0x61, 0x62, 0x63], "too early"),
        ([2, 0x08, 0x61, 0x62, 0x63], "more text"),
        ([5, 0x00, 0x61, 0x01, 0x00], "before the text"),
        ([5, 0x00, 0x61, 0x01, 0x02], "before the text"),
        ([5, 0x01, 0x01], "before the text"),
        ([3, 0x00, 0x61, 0x15, 0x01], "more text"),
        ([5, 0x00, 0x61, 0x01], "too early"),
        ([5, 0x00, 0x61, 0x02, 0x01], "too early"),
        ([5, 0x00, 0x61, 0x03, 0x01, 0x00, 0x00], "too early"),
        ([5, 0xf0], "too early"),
        ([5, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x61], "too early"),
    ]

    @Test(arguments: damaged)
    func damageIsFound(data: [UInt8], words: String) {
        do {
            _ = try decompressed(data)
            Issue.record("\(data) was taken")
        } catch {
            #expect(error.description.contains(words), "\(error)")
        }
    }

    @Test func nothingIsReadOrWrittenBeyondAnEnd() {
        var random = SplitMix64(seed: 3)
        let whole = compressed(Array(repeating: Array("some text, some more text; ".utf8), count: 40).flatMap { $0 })
        for round in 0..<20_000 {
            var data = whole
            for _ in 0...random.below(4) { data[random.below(data.count)] = UInt8(random.below(256)) }
            data.removeLast(random.below(data.count))
            guard let text = try? decompressed(data, limit: 4000) else { continue }
            #expect(text.count <= 4000, "seed 3, round \(round)")
        }
    }

    @Test func aTextBeyondTheLimitIsRefused() {
        #expect(throws: SnappyError.tooLarge(limit: 99)) {
            try decompressed(compressed([UInt8](repeating: 7, count: 100)), limit: 99)
        }
    }
}
