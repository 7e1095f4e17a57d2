// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import TestSupport
import Testing

@Suite struct ByteStorageTests {
    // MARK: ByteArena

    @Test func anArenaGrowsAndKeepsItsContent() {
        let arena = ByteArena(capacity: 0)
        var expected: [UInt8] = []
        var random = SplitMix64(seed: 6)
        for _ in 0..<3000 {
            switch random.below(5) {
            case 0:
                let byte = UInt8(random.below(256))
                arena.append(byte)
                expected.append(byte)
            case 1:
                let bytes = (0..<random.below(100)).map { _ in UInt8(random.below(256)) }
                arena.append(bytes)
                expected += bytes
            case 2 where !expected.isEmpty:
                let start = random.below(expected.count)
                let range = start..<min(expected.count, start + random.below(50))
                arena.appendCopy(of: range)
                expected += expected[range]
            case 3:
                arena.reserve(16)
                arena.appendReserved(word: 0x0807_0605_0403_0201, used: 3)
                expected += [1, 2, 3]
            default:
                let length = max(0, expected.count - random.below(20))
                arena.truncate(to: length)
                expected.removeSubrange(length...)
            }
        }
        #expect(arena.view.array == expected)
        #expect(arena.capacity >= arena.count)
    }

    @Test func anEmptiedArenaKeepsItsStorageAndAShrunkOneGivesItBack() {
        let arena = ByteArena(capacity: 64)
        arena.append([UInt8](repeating: 1, count: 10_000))
        let capacity = arena.capacity
        arena.removeAll()
        #expect(arena.count == 0 && arena.capacity == capacity)
        arena.shrink(to: capacity)
        #expect(arena.capacity == capacity)
        arena.shrink(to: 100)
        #expect(arena.capacity == 100 && arena.count == 0)
        arena.append([UInt8](repeating: 2, count: 200))
        #expect(arena.view.array == [UInt8](repeating: 2, count: 200))
        arena.shrink(to: 0)
        arena.append(7)
        #expect(arena.view.array == [7])
    }

    @Test func aViewIsFoundInItsArenaOnly() {
        let arena = ByteArena()
        arena.append("hello")
        #expect(arena.range(of: arena.view(1..<4)) == 1..<4)
        #expect(arena.range(of: arena.view(5..<5)) == 5..<5)
        let other = ByteArena()
        other.append("hello")
        #expect(arena.range(of: other.view) == nil)
        #expect(arena.range(of: ByteView("literal")) == nil)
    }

    @Test func replaceAndTruncateLeaveWhatIsOutsideAlone() {
        let arena = ByteArena()
        arena.append("abc")
        arena.replace(at: 1, with: 0x58)
        arena.replace(at: 3, with: 0x58)
        arena.replace(at: -1, with: 0x58)
        arena.truncate(to: 10)
        #expect(arena.string == "aXc")
        arena.truncate(to: -1)
        #expect(arena.count == 0)
    }

    // MARK: FlatArray

    @Test func aFlatArrayIsAnArray() {
        let array = FlatArray<Int>(capacity: 0)
        var expected: [Int] = []
        for value in 0..<1000 {
            array.append(value)
            expected.append(value)
            if value % 100 == 0 {
                array.append(repeating: -value, count: 50)
                expected += Array(repeating: -value, count: 50)
            }
        }
        array[3] += 7
        expected[3] += 7
        #expect((0..<array.count).map { array[$0] } == expected)
        array.truncate(to: 10)
        #expect(array.count == 10)
        array.removeAll()
        #expect(array.isEmpty && array.capacity >= 1000)
    }

    // MARK: ByteView

    @Test func searchAgreesWithTheStandardLibrary() {
        var random = SplitMix64(seed: 4)
        for _ in 0..<5000 {
            let text = (0..<random.below(40)).map { _ in UInt8(0x61 + random.below(3)) }
            let needle = (0..<random.below(5)).map { _ in UInt8(0x61 + random.below(3)) }
            let found = text.withByteView { text in needle.withByteView { text.firstRange(of: $0) } }
            let expected = needle.isEmpty ? 0..<0 : text.firstRange(of: needle)
            #expect(found == expected, "\(text) \(needle)")
            let order = text.withByteView { text in needle.withByteView { text.compare($0) } }
            #expect(order.signum() == (text == needle ? 0 : text.lexicographicallyPrecedes(needle) ? -1 : 1))
            let isPrefix = text.withByteView { text in needle.withByteView { text.hasPrefix($0) } }
            #expect(isPrefix == text.starts(with: needle))
        }
    }

    // MARK: Hashes and digits

    @Test(
        arguments: [
            ("", 0, 0xEF46_DB37_51D8_E999), ("a", 0, 0xD24E_C4F1_A98C_6E5B), ("abc", 0, 0x44BC_2CF5_AD77_0999),
            ("Nobody inspects the spammish repetition", 0, 0xFBCE_A83C_8A37_8BF1),
            ("The quick brown fox jumps over the lazy dog", 0, 0x0B24_2D36_1FDA_71BC),
            ("", 2_654_435_761, 0xAC75_FDA2_929B_17EF),
        ] as [(String, UInt64, UInt64)]
    )
    func xxHash64(text: String, seed: UInt64, hash: UInt64) {
        #expect(text.withByteView { XXHash64.hash($0, seed: seed) } == hash)
    }

    /// The buffer and the sums of the reference implementation's own sanity check.
    @Test(
        arguments: [
            (1, 0xE934_A84A_DB05_2768, 0x5014_6076_43A9_B4C3), (4, 0x9136_A0DC_A574_57EE, 0xCAAB_286B_D8E9_FDB5),
            (14, 0x8282_DCC4_994E_35C8, 0xC3BD_6BF6_3DEB_6DF0), (222, 0xB641_AE8C_B691_C174, 0x20CB_8AB7_AE10_C14A),
        ] as [(Int, UInt64, UInt64)]
    )
    func xxHash64OfTheSanityBuffer(length: Int, plain: UInt64, seeded: UInt64) {
        var state: UInt64 = 2_654_435_761
        let bytes = (0..<length).map { _ in
            defer { state &*= 11_400_714_785_074_694_797 }
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        #expect(bytes.withByteView { XXHash64.hash($0) } == plain)
        #expect(bytes.withByteView { XXHash64.hash($0, seed: 2_654_435_761) } == seeded)
    }

    @Test(
        arguments: [
            (0, "A"), (1, "B"), (63, "_"), (62, "-"), (64, "BA"), (4095, "__"), (4096, "BAA"),
            (UInt64.max, "P__________"),
            (1 << 60, "BAAAAAAAAAA"), (1 << 63, "IAAAAAAAAAA"), (51, "z"), (52, "0"), (61, "9"),
        ] as [(UInt64, String)]
    )
    func base64Numbers(value: UInt64, text: String) {
        let arena = ByteArena()
        arena.append(base64: value)
        #expect(arena.string == text)
    }

    @Test func base64NumbersOfAllLengths() {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var random = SplitMix64(seed: 64)
        for round in 0..<20_000 {
            let value = random.next() >> UInt64(round % 64)
            var rest = value
            var expected: [UInt8] = []
            repeat {
                expected.insert(digits[Int(rest & 63)], at: 0)
                rest >>= 6
            } while rest > 0
            let arena = ByteArena(capacity: 0)
            arena.append(base64: value)
            #expect(arena.view.array == expected, "\(value)")
        }
    }

    @Test func whatIsNearIsCopiedAsItIs() {
        let source = ByteArena(capacity: 0)
        for byte in 0..<200 { source.append(UInt8(byte)) }
        for length in 0...200 {
            let arena = ByteArena(capacity: 0)
            arena.append(UInt8(ascii: "<"))
            arena.appendNear(source.view(200 - length..<200))
            arena.append(UInt8(ascii: ">"))
            #expect(arena.view.array == [0x3c] + source.view.array.suffix(length) + [0x3e])
        }
    }

    @Test func hexadecimalDigits() {
        for value: UInt8 in 0..<16 { #expect(Hexadecimal.value(of: Hexadecimal.digit(value)) == value) }
        for byte: UInt8 in 0...255 {
            #expect(Hexadecimal.value(of: byte).map(Int.init) == Character(Unicode.Scalar(byte)).hexDigitValue)
        }
    }
}
