// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceCompression
import TestSupport
import Testing

@Suite struct GzipTests {
    private func bytes(_ count: Int, seed: UInt64, alphabet: Int) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in UInt8(Int.random(in: 0..<alphabet, using: &random)) }
    }

    private func compressed(_ text: [UInt8], level: Int = 1) throws -> [UInt8] {
        let output = ByteArena()
        try text.withByteView { text throws(GzipError) in
            try GzipCompressor(level: level).compress(text, to: output)
        }
        return output.view.array
    }

    private func decompressed(_ data: [UInt8], limit: Int = 1 << 26) throws(GzipError) -> [UInt8] {
        let output = ByteArena()
        let decompressor = try GzipDecompressor()
        try data.withByteView { data throws(GzipError) in
            try decompressor.decompress(data, to: output, limit: limit)
        }
        return output.view.array
    }

    @Test(arguments: [0, 1, 2, 100, 65_535, 65_536, 65_537, 1_000_000], [1, 6, 9])
    func bothWays(count: Int, level: Int) throws {
        for alphabet in [1, 4, 256] {
            let text = bytes(count, seed: UInt64(count), alphabet: alphabet)
            #expect(try decompressed(compressed(text, level: level)) == text)
        }
    }

    /// The checksum is made here, and checked by zlib: of 64, 32 and 16 bytes at once, and of what is left over.
    @Test func checksumsOfAllLengths() throws {
        for count in 0...700 {
            let text = bytes(count, seed: UInt64(count), alphabet: 256)
            #expect(try decompressed(compressed(text)) == text)
        }
    }

    @Test(arguments: [0, 1, 65_537, 1_000_000])
    func zlibStreamsOneAfterAnother(count: Int) throws {
        let compressor = try GzipCompressor(level: 3, wrapper: .zlib)
        for round in 0..<3 {
            let text = bytes(count, seed: UInt64(count + round), alphabet: 20)
            let data = ByteArena()
            text.withByteView { compressor.compress($0, to: data) }
            #expect(data.view[0] == 0x78, "the header of RFC 1950 with a window of 32 KiB")
            let output = ByteArena()
            try GzipDecompressor(windowBits: 15).decompress(data.view, to: output, limit: 1 << 26)
            #expect(output.view.array == text)
        }
    }

    @Test func levelsOutsideOfTheScaleAreItsEnds() throws {
        let text = bytes(10_000, seed: 1, alphabet: 10)
        #expect(try compressed(text, level: 0) == compressed(text, level: 1))
        #expect(try compressed(text, level: 99) == compressed(text, level: 9))
        #expect(try compressed(text, level: 9).count < compressed(text, level: 1).count)
    }

    /// Level 1 looks for longer matches than zlib's own: what is alike takes less room. zlib 1.2.13 makes 27,579
    /// bytes of this.
    @Test func linesThatAreMuchAlikeAreSmallAtLevelOne() throws {
        var random = SplitMix64(seed: 7)
        let words = ["checkout", "payment", "catalogue", "session", "refund", "invoice"]
        let text = (0..<2000).flatMap { number in
            let word = words[Int.random(in: 0..<words.count, using: &random)]
            let line =
                #"{"timestamp":"2026-11-28T19:56:50.83\#(number)Z","level":"INFO","logger":"shop.\#(word)","#
                + #""message":"\#(word) has been served","milliseconds":\#(Int.random(in: 1..<900, using: &random)),"#
                + #""status":200,"customer":\#(Int.random(in: 1..<99_999, using: &random))}"#
            return Array((line + "\n").utf8)
        }
        let once = try compressed(text)
        #expect(once.count < 27_500)
        // A state that is used again is tuned again.
        let compressor = try GzipCompressor(level: 1)
        for _ in 0..<2 {
            let output = ByteArena()
            text.withByteView { compressor.compress($0, to: output) }
            #expect(output.view.array == once)
        }
        #expect(try decompressed(once) == text)
    }

    @Test func oneStateMakesTheSameMembersAgainAndAgain() throws {
        let compressor = try GzipCompressor(level: 1)
        let output = ByteArena(capacity: 64)
        for round in 0..<50 {
            let text = bytes(round * 997, seed: UInt64(round), alphabet: 20)
            output.removeAll()
            text.withByteView { compressor.compress($0, to: output) }
            #expect(output.view.array == (try compressed(text)))
        }
    }

    @Test func piecesMakeOneMember() throws {
        let compressor = try GzipCompressor(level: 6)
        let output = ByteArena(capacity: 64)
        var whole: [UInt8] = []
        for round in 0..<200 {
            let piece = bytes(round * 13 % 1000, seed: UInt64(round), alphabet: 30)
            whole += piece
            piece.withByteView { compressor.write($0, to: output) }
        }
        compressor.finish(to: output)
        #expect(try decompressed(output.view.array) == whole)
        #expect(output.view.array == (try compressed(whole, level: 6)))
    }

    @Test func severalMembersAreOneText() throws {
        let parts = (0..<5).map { bytes(1000 * $0, seed: UInt64($0), alphabet: 50) }
        let data = try parts.flatMap { try compressed($0) }
        #expect(try decompressed(data) == parts.flatMap { $0 })
    }

    @Test func dataMayComeByteByByte() throws {
        let text = bytes(20_000, seed: 5, alphabet: 30)
        let data = try compressed(text) + compressed([]) + compressed(text)
        let decompressor = try GzipDecompressor()
        let output = ByteArena()
        for byte in data {
            try [byte].withByteView { byte throws(GzipError) in
                try decompressor.write(byte, to: output, limit: 1 << 20)
            }
        }
        try decompressor.finish()
        #expect(output.view.array == text + text)
    }

    @Test func dataThatEndsTooEarlyIsTruncated() throws {
        let data = try compressed(bytes(5000, seed: 2, alphabet: 100))
        for length in [1, 2, 9, 10, 11, data.count / 2, data.count - 8, data.count - 1] {
            #expect(throws: GzipError.truncated) { try decompressed(Array(data[..<length])) }
        }
        #expect(try decompressed([]).isEmpty)
    }

    @Test func damageIsFoundAndTrapsNothing() throws {
        let text = bytes(3000, seed: 3, alphabet: 60)
        let data = try compressed(text)
        var random = SplitMix64(seed: 12)
        for _ in 0..<2000 {
            var damaged = data
            // The header has bytes that mean nothing to the text.
            let place = Int.random(in: 10..<damaged.count, using: &random)
            damaged[place] ^= UInt8(1) << UInt8(Int.random(in: 0..<8, using: &random))
            #expect(throws: GzipError.self) { try decompressed(damaged) }
        }
        #expect(throws: GzipError.self) { try decompressed(Array("not gzip at all".utf8)) }
        #expect(throws: GzipError.self) { try decompressed(data + [0x41]) }
    }

    @Test func aDecompressorIsGoodAfterAFailure() throws {
        let decompressor = try GzipDecompressor()
        let output = ByteArena()
        let text = bytes(200_000, seed: 9, alphabet: 3)
        let data = try compressed(text)
        func run(_ data: [UInt8], limit: Int) throws(GzipError) {
            output.removeAll()
            try data.withByteView { data throws(GzipError) in
                try decompressor.decompress(data, to: output, limit: limit)
            }
        }
        #expect(throws: GzipError.tooLarge(limit: 1000)) { try run(data, limit: 1000) }
        try run(data, limit: 200_000)
        #expect(throws: GzipError.truncated) { try run(Array(data.dropLast()), limit: 1 << 20) }
        try run(data, limit: 200_000)
        #expect(throws: GzipError.self) { try run([0x1f, 0x8b, 0x07], limit: 1 << 20) }
        try run(data, limit: 200_000)
        #expect(output.view.array == text)
    }

    @Test func aBombEndsAtTheLimit() throws {
        let bomb = try compressed([UInt8](repeating: 0, count: 50_000_000), level: 9)
        #expect(bomb.count < 100_000)
        let output = ByteArena()
        let decompressor = try GzipDecompressor()
        #expect(throws: GzipError.tooLarge(limit: 1_000_000)) {
            try bomb.withByteView { bomb throws(GzipError) in
                try decompressor.decompress(bomb, to: output, limit: 1_000_000)
            }
        }
        #expect(output.count <= 1_000_000 + 64 << 10)
    }

    @Test func otherFormatsByTheirWindowBits() throws {
        // "hello" as Python's zlib.compress writes it.
        let zlib: [UInt8] = [0x78, 0x9c, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x06, 0x2c, 0x02, 0x15]
        for (bits, data) in [(Int32(15), zlib), (-15, Array(zlib.dropFirst(2).dropLast(4)))] {
            let output = ByteArena()
            let decompressor = try GzipDecompressor(windowBits: bits)
            try data.withByteView { data throws(GzipError) in
                try decompressor.decompress(data, to: output, limit: 100)
            }
            #expect(output.string == "hello")
        }
        #expect(throws: GzipError.self) { try GzipDecompressor(windowBits: 99) }
    }
}
