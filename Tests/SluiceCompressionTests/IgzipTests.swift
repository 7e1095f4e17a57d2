// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceCompression
import TestSupport
import Testing

/// igzip in zlib's place. Where it is not installed only the way without it is tested.
@Suite struct IgzipTests {
    private static let isThere = GzipEngine.igzipProblem == nil
    private static let word: Comment = "libisal.so.2 is not installed: igzip is not tested"

    /// Texts of every kind and size: noise, logs, one byte again and again, nothing.
    private func text(_ random: inout SplitMix64) -> [UInt8] {
        let count = random.pick([0, 1, 100, 5000, 65_536, 300_000, 1_500_000])
        switch random.below(3) {
        case 0: return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        case 1: return [UInt8](repeating: UInt8(random.below(256)), count: count)
        default:
            var text: [UInt8] = []
            while text.count < count { text += Array("{\"user\":\(random.below(5000)),\"level\":\"INFO\"}\n".utf8) }
            return Array(text.prefix(count))
        }
    }

    private func decompressed(_ data: ByteView, count: Int) throws -> [UInt8] {
        let output = ByteArena()
        try GzipDecompressor().decompress(data, to: output, limit: count)
        return output.view.array
    }

    @Test(.enabled(if: isThere, word), arguments: 1...3)
    func zlibReadsWhatOneStateMadeAgainAndAgain(level: Int) throws {
        let compressor = try GzipCompressor(level: level, engine: .igzip)
        #expect(compressor.engine == .igzip)
        let seed = UInt64(level) * 77
        var random = SplitMix64(seed: seed)
        let output = ByteArena(capacity: 64)
        for round in 0..<40 {
            let text = text(&random)
            output.removeAll()
            text.withByteView { text in
                // In pieces, or as a whole.
                var rest = text
                while random.below(2) == 0, rest.count > 1 {
                    let count = random.below(rest.count)
                    compressor.write(rest[0..<count], to: output)
                    rest = rest[count..<rest.count]
                }
                compressor.compress(rest, to: output)
            }
            #expect(try decompressed(output.view, count: text.count) == text, "seed \(seed), round \(round)")
        }
    }

    @Test(.enabled(if: isThere, word))
    func itIsNoLargerThanZlibOnLogs() throws {
        var text: [UInt8] = []
        var random = SplitMix64(seed: 5)
        while text.count < 1 << 20 {
            text += Array(
                "{\"user\":\(random.below(5000)),\"message\":\"prediction served\",\"level\":\"INFO\"}\n".utf8
            )
        }
        func size(_ engine: GzipEngine) throws -> Int {
            let output = ByteArena()
            let compressor = try GzipCompressor(level: 1, engine: engine)
            text.withByteView { compressor.compress($0, to: output) }
            return output.count
        }
        #expect(try size(.igzip) <= size(.zlib))
    }

    @Test(.enabled(if: isThere, word))
    func automaticallyIsIgzipOnItsOwnLevels() throws {
        for level in 1...9 {
            #expect(try GzipCompressor(level: level, engine: .auto).engine == (level <= 3 ? .igzip : .zlib))
        }
    }

    @Test(.enabled(if: !isThere, "libisal.so.2 is installed"))
    func withoutTheLibraryZlibDoesIt() throws {
        #expect(GzipEngine.igzipProblem == "libisal.so.2 is not there")
        #expect(try GzipCompressor(level: 1, engine: .igzip).engine == .zlib)
        #expect(try GzipCompressor(level: 1, engine: .auto).engine == .zlib)
    }

    @Test func zlibStaysWhatItWas() throws {
        #expect(try GzipCompressor(level: 1).engine == .zlib)
        #expect(try GzipCompressor(level: 1, engine: .zlib).engine == .zlib)
    }
}
