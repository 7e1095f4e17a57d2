// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import TestSupport
import Testing

@Suite struct TimestampTests {
    private func parse(_ text: String, isZoneOptional: Bool = false) -> Timestamp.Parsed? {
        text.withByteView { Timestamp.parse($0, isZoneOptional: isZoneOptional) }
    }

    private func write(_ nanoseconds: Int64, _ digits: Int) -> String {
        let arena = ByteArena()
        Timestamp.write(nanoseconds, fractionDigits: digits, to: arena)
        return arena.string
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0, 0), ("1970-01-01T00:00:00.000000001Z", 1, 9),
        ("1969-12-31T23:59:59.999999999Z", -1, 9), ("2026-11-22T03:32:00Z", 1_795_318_320_000_000_000, 0),
        ("2000-02-29T12:00:00.5Z", 951_825_600_500_000_000, 1),
        ("2024-02-29T00:00:00+00:00", 1_709_164_800_000_000_000, 0),
        ("2024-02-29T00:00:00-00:00", 1_709_164_800_000_000_000, 0),
        ("2024-03-01T01:30:00+01:30", 1_709_251_200_000_000_000, 0),
        ("2024-02-28T19:00:00-0500", 1_709_164_800_000_000_000, 0),
        ("2024-02-29T05:00:00+05", 1_709_164_800_000_000_000, 0),
        ("2024-02-29t00:00:00z", 1_709_164_800_000_000_000, 0),
        ("2024-02-29 00:00:00,25Z", 1_709_164_800_250_000_000, 2),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000_000_000, 0),
        ("1970-01-01T00:00:00.1234567899999Z", 123_456_789, 9), ("1677-09-21T00:12:43.145224192Z", Int64.min, 9),
        ("2262-04-11T23:47:16.854775807Z", Int64.max, 9), ("2262-04-12T23:47:16.854775807+24:00", 0, -1),
        ("2262-04-12T22:47:16.854775807+23:00", Int64.max, 9),
    ])
    func known(text: String, nanoseconds: Int64, digits: Int) {
        let expected = digits < 0 ? nil : Timestamp.Parsed(nanoseconds: nanoseconds, fractionDigits: digits)
        #expect(parse(text) == expected)
    }

    @Test(arguments: [
        "", "now", "2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z", "2024-04-31T00:00:00Z", "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z", "2024-01-01T00:00:61Z", "2024-01-01T00:00:00", "2024-01-01T00:00:00.Z",
        "2024-01-01T00:00:00+1", "2024-01-01T00:00:00+01:", "2024-01-01T00:00:00+01:0", "2024-01-01T00:00:00+01:60",
        "2024-01-01T00:00:00Zx", "2024-01-01T00:00:00+01:00x", "2024-01-01X00:00:00Z", "2024/01/01T00:00:00Z",
        "2024-01-01T00.00.00Z", " 2024-01-01T00:00:00Z", "2024-01-01T00:00:00 Z", "-024-01-01T00:00:00Z",
        "1677-09-21T00:12:43.145224191Z", "2262-04-11T23:47:16.854775808Z", "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z", "2024-01-01", "2024-01-01T00:00",
    ])
    func isNone(text: String) {
        #expect(parse(text) == nil)
    }

    @Test func theZoneMayBeOptional() {
        #expect(parse("1970-01-01T00:00:01.5", isZoneOptional: true)?.nanoseconds == 1_500_000_000)
        #expect(parse("1970-01-01T00:00:01", isZoneOptional: true)?.nanoseconds == 1_000_000_000)
        #expect(parse("1970-01-01T00:00:01") == nil)
    }

    @Test func bothWaysOverRandomInstants() {
        let seed: UInt64 = 42
        var random = SplitMix64(seed: seed)
        var instants: [Int64] = [.min, .min + 1, .max, .max - 1, 0, -1, 1, -1_000_000_000, 999_999_999, 1_000_000_000]
        for _ in 0..<5000 { instants.append(Int64(truncatingIfNeeded: random.next())) }
        for _ in 0..<5000 { instants.append(Int64.random(in: 0...4_000_000_000_000_000_000, using: &random)) }
        for instant in instants {
            #expect(
                parse(write(instant, 9)) == Timestamp.Parsed(nanoseconds: instant, fractionDigits: 9),
                "seed \(seed)"
            )
            let digits = random.below(10)
            var unit: Int64 = 1
            for _ in digits..<9 { unit *= 10 }
            // What is finer than the digits is cut, towards the past.
            let cut = instant.subtractingReportingOverflow(((instant % unit) + unit) % unit)
            if !cut.overflow {
                #expect(
                    parse(write(instant, digits))
                        == Timestamp.Parsed(nanoseconds: cut.partialValue, fractionDigits: digits)
                )
            }
        }
    }

    @Test func aWriterThatRemembersWritesTheSame() {
        var random = SplitMix64(seed: 7)
        var writer = TimestampWriter()
        let arena = ByteArena(capacity: 64)
        var instant: Int64 = 1_700_000_000_000_000_000
        for round in 0..<20_000 {
            switch random.below(20) {
            case 0: instant = Int64(truncatingIfNeeded: random.next())
            case 1: instant = random.pick([.min, .max, .min + 999_999_999, 0, -1])
            default: instant = instant.addingReportingOverflow(Int64(random.below(2_000_000_000))).partialValue
            }
            let digits = random.below(10)
            arena.removeAll()
            writer.write(instant, fractionDigits: digits, to: arena)
            #expect(arena.string == write(instant, digits), "round \(round): \(instant)")
        }
    }

    /// A calendar counted day by day.
    @Test func everyDayFromTheFirstYearToTheLast() {
        var days = CivilDate(year: 1600, month: 1, day: 1).daysSinceEpoch
        #expect(days == -135_140)
        for year in 1600...2400 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (month, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for day in 1...length {
                    let date = CivilDate(year: year, month: month + 1, day: day)
                    if date.daysSinceEpoch != days || CivilDate(daysSinceEpoch: days) != date {
                        Issue.record("\(date)")
                    }
                    days += 1
                }
            }
        }
        for year in [-9999, -401, -400, -1, 0, 1, 9999] {
            let date = CivilDate(year: year, month: 2, day: 28)
            #expect(CivilDate(daysSinceEpoch: date.daysSinceEpoch) == date)
        }
    }

    @Test func datesFarOutAreNoneAndTrapNothing() {
        for year in [Int.min, -10_000, 10_000, Int.max] {
            #expect(
                Timestamp.nanoseconds(
                    year: year,
                    month: 1,
                    day: 1,
                    hour: 0,
                    minute: 0,
                    second: 0,
                    nanosecond: 0,
                    offset: 0
                ) == nil
            )
        }
    }

    @Test func damagedTextsTrapNothing() {
        var random = SplitMix64(seed: 3)
        let alphabet = Array("0123456789TtZz+-:., 9".utf8)
        var read = 0
        for _ in 0..<100_000 {
            var bytes = Array("2024-02-29T23:59:59.123456789+05:30".utf8)
            bytes.removeSubrange(random.below(bytes.count + 1)...)
            for _ in 0..<random.below(4) where !bytes.isEmpty {
                bytes[random.below(bytes.count)] = random.pick(alphabet)
            }
            if bytes.withByteView({ Timestamp.parse($0, isZoneOptional: true) }) != nil { read += 1 }
        }
        #expect(read > 1000)
    }
}
