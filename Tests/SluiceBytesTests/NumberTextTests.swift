// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import TestSupport
import Testing

@Suite struct NumberTextTests {
    private func integer(_ text: String) -> Int64? { text.withByteView { NumberText.integer($0) } }
    private func double(_ text: String) -> Double? { text.withByteView { NumberText.double($0) } }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("+5", 5), ("007", 7), ("9223372036854775807", Int64.max),
            ("-9223372036854775808", Int64.min),
            ("9223372036854775808", nil), ("-9223372036854775809", nil), ("18446744073709551615", nil),
            ("18446744073709551616", nil), ("99999999999999999999999999", nil), ("", nil), ("-", nil), ("+", nil),
            ("1.0", nil), ("1e3", nil), (" 1", nil), ("1 ", nil), ("--1", nil), ("a", nil),
        ] as [(String, Int64?)]
    )
    func integers(text: String, expected: Int64?) {
        #expect(integer(text) == expected)
    }

    @Test(arguments: [
        "", "-", "+", ".", "1.", ".5", "1e", "1e+", "1e-", "e5", "1.e5", " 1", "1 ", "1x", "0x10", "inf", "nan",
        "1.5.5",
        "--1", "1_000",
    ])
    func noNumbers(text: String) {
        #expect(double(text) == nil)
    }

    @Test func doublesAgreeWithTheStandardLibrary() {
        let seed: UInt64 = 11
        var generator = RandomJSON(random: SplitMix64(seed: seed))
        var texts = [
            "0", "-0", "0.0", "-0.0", "1e0", "1e22", "1e23", "1e-22", "1e-23", "9007199254740991", "9007199254740992",
            "9007199254740993", "123456789012345678", "1.7976931348623157e308", "1.7976931348623159e308", "1e309",
            "-1e309",
            "5e-324", "2e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "2.2250738585072011e-308",
            "0.1", "0.2", "0.3", "1e99999999999999999999", "1e-99999999999999999999", "0e99999999999999999999",
            "0.000000000000000000000000000000000000001", "100000000000000000000000000000000000000000",
            "900719925474099.1", "9007199254740.993", "1" + String(repeating: "0", count: 500) + "e-500",
            "0." + String(repeating: "0", count: 500) + "1e501",
        ]
        for _ in 0..<20_000 { texts.append(generator.number()) }
        for _ in 0..<5000 { texts.append(Double(bitPattern: generator.random.next()).description) }
        for text in texts where text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }) {
            let expected = Double(text)
            let found = double(text)
            #expect(found?.bitPattern == expected?.bitPattern, "seed \(seed): \(text)")
        }
    }

    @Test func decimals() {
        let arena = ByteArena(capacity: 1)
        func text(_ value: some FixedWidthInteger) -> String {
            arena.removeAll()
            arena.append(decimal: value)
            return arena.string
        }
        for value: Int64 in [0, 1, 9, 10, 99, 100, -1, -10, .min, .max, .min + 1] {
            #expect(text(value) == String(value))
        }
        for value: UInt64 in [0, .max, 1 << 63] { #expect(text(value) == String(value)) }
        #expect(text(Int8.min) == "-128")
        #expect(text(UInt8.max) == "255")
        var random = SplitMix64(seed: 5)
        for _ in 0..<5000 {
            let value = Int64(truncatingIfNeeded: random.next() >> UInt64(random.below(64)))
            #expect(text(value) == String(value))
        }
    }

    @Test func decimalsOfAWidth() {
        func text(_ value: Int, _ width: Int) -> String {
            let arena = ByteArena(capacity: 1)
            arena.append(decimal: value, width: width)
            return arena.string
        }
        #expect(text(5, 2) == "05")
        #expect(text(0, 4) == "0000")
        #expect(text(123, 2) == "123")
        #expect(text(0, 1) == "0")
        #expect(text(7, 0) == "7")
        #expect(text(-5, 4) == "-0005")
        #expect(text(1, 30) == String(repeating: "0", count: 29) + "1")
        #expect(text(.max, 19) == String(Int.max))
        #expect(text(.min, 19) == String(Int.min))
    }

    @Test func doublesAreWrittenAsJSON() throws {
        let arena = ByteArena()
        var random = SplitMix64(seed: 8)
        for round in 0..<5000 {
            let value = round == 0 ? 1e16 : Double(bitPattern: random.next())
            arena.removeAll()
            arena.append(json: value)
            if value.isFinite {
                #expect(NumberText.double(arena.view)?.bitPattern == value.bitPattern)
            } else {
                #expect(arena.string == "null")
            }
            try JSONScanner.validate(arena.view)
        }
    }
}
