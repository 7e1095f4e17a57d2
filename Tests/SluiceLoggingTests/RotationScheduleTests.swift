// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceLogging
import Testing

@Suite("Rotation schedule")
struct RotationScheduleTests {
    private static func seconds(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int)
        -> Int64
    {
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        return Int64(days * 86_400 + hour * 3600 + minute * 60 + second)
    }

    /// Germany in 2026: an hour ahead of UTC, two from 29 March to 25 October, each at 01:00 UTC.
    private static func berlin(_ instant: Int64) -> Int64 {
        let isSummer = instant >= seconds(2026, 3, 29, 1, 0, 0) && instant < seconds(2026, 10, 25, 1, 0, 0)
        return isSummer ? 7200 : 3600
    }

    struct Row: CustomTestStringConvertible, Sendable {
        var schedule: RotationSchedule
        var isLocal = false
        var after: [Int]
        var next: [Int]
        var stamp: String

        var testDescription: String { "\(schedule) after \(after)" }
    }

    @Test(
        "The next change, and the date of the period that it ends",
        arguments: [
            Row(
                schedule: .hourly,
                after: [2026, 11, 22, 3, 32, 0],
                next: [2026, 11, 22, 4, 0, 0],
                stamp: "2026-11-22_03"
            ),
            Row(
                schedule: .hourly,
                after: [2026, 11, 22, 4, 0, 0],
                next: [2026, 11, 22, 5, 0, 0],
                stamp: "2026-11-22_04"
            ),
            Row(
                schedule: .hourly,
                after: [2026, 12, 31, 23, 59, 59],
                next: [2027, 1, 1, 0, 0, 0],
                stamp: "2026-12-31_23"
            ),
            Row(
                schedule: .daily(),
                after: [2026, 11, 22, 0, 0, 0],
                next: [2026, 11, 23, 0, 0, 0],
                stamp: "2026-11-22"
            ),
            Row(
                schedule: .daily(),
                after: [2026, 11, 21, 23, 59, 59],
                next: [2026, 11, 22, 0, 0, 0],
                stamp: "2026-11-21"
            ),
            Row(
                schedule: .daily(hour: 3, minute: 30),
                after: [2026, 11, 22, 3, 29, 59],
                next: [2026, 11, 22, 3, 30, 0],
                stamp: "2026-11-21"
            ),
            Row(
                schedule: .daily(hour: 3, minute: 30),
                after: [2026, 11, 22, 3, 30, 0],
                next: [2026, 11, 23, 3, 30, 0],
                stamp: "2026-11-22"
            ),
            Row(
                schedule: .every(seconds: 10),
                after: [2026, 11, 22, 3, 32, 9],
                next: [2026, 11, 22, 3, 32, 10],
                stamp: "2026-11-22_03-32-00"
            ),
            Row(
                schedule: .every(seconds: 0),
                after: [2026, 11, 22, 3, 32, 9],
                next: [2026, 11, 22, 3, 32, 10],
                stamp: "2026-11-22_03-32-09"
            ),
            // However long the period, there is an end to it.
            Row(
                schedule: .every(seconds: .max),
                after: [2026, 11, 22, 3, 32, 9],
                next: [2070, 1, 1, 0, 0, 0],
                stamp: "1970-01-01_00-00-00"
            ),
            Row(
                schedule: .every(seconds: 86_400),
                after: [2026, 11, 22, 3, 32, 9],
                next: [2026, 11, 23, 0, 0, 0],
                stamp: "2026-11-22"
            ),
            // Midnight in Berlin.
            Row(
                schedule: .daily(),
                isLocal: true,
                after: [2026, 11, 22, 12, 0, 0],
                next: [2026, 11, 22, 23, 0, 0],
                stamp: "2026-11-22"
            ),
            // The day on which clocks are put forward has 23 hours, the one on which they are put back 25.
            Row(
                schedule: .daily(),
                isLocal: true,
                after: [2026, 3, 28, 23, 0, 0],
                next: [2026, 3, 29, 22, 0, 0],
                stamp: "2026-03-29"
            ),
            Row(
                schedule: .daily(),
                isLocal: true,
                after: [2026, 10, 24, 22, 0, 0],
                next: [2026, 10, 25, 23, 0, 0],
                stamp: "2026-10-25"
            ),
            // 02:30 does not exist on 29 March; there are two on 25 October, and one change.
            Row(
                schedule: .daily(hour: 2, minute: 30),
                isLocal: true,
                after: [2026, 3, 28, 12, 0, 0],
                next: [2026, 3, 29, 1, 30, 0],
                stamp: "2026-03-28"
            ),
            Row(
                schedule: .daily(hour: 2, minute: 30),
                isLocal: true,
                after: [2026, 10, 25, 1, 30, 0],
                next: [2026, 10, 26, 1, 30, 0],
                stamp: "2026-10-25"
            ),
            // The hour that comes twice.
            Row(
                schedule: .hourly,
                isLocal: true,
                after: [2026, 10, 25, 0, 10, 0],
                next: [2026, 10, 25, 1, 0, 0],
                stamp: "2026-10-25_02"
            ),
            Row(
                schedule: .hourly,
                isLocal: true,
                after: [2026, 10, 25, 1, 10, 0],
                next: [2026, 10, 25, 2, 0, 0],
                stamp: "2026-10-25_02"
            ),
        ]
    )
    func table(_ row: Row) {
        func offset(_ instant: Int64) -> Int64 { row.isLocal ? Self.berlin(instant) : 0 }
        let next = row.schedule.next(after: Self.seconds(row.after), offset: offset)
        #expect(next == Self.seconds(row.next))
        let start = row.schedule.localStart(ofPeriodEndingAt: next, offset: offset)
        #expect(RotatedName.stamp(ofLocal: start, row.schedule.stamp) == row.stamp)
    }

    private static func seconds(_ parts: [Int]) -> Int64 {
        seconds(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5])
    }

    @Test(
        "Each change comes after the last, and within a day and two hours",
        arguments: [.hourly, .daily(), .daily(hour: 2, minute: 30), .daily(hour: 23, minute: 59), .every(seconds: 77)]
            as [RotationSchedule]
    )
    func progress(_ schedule: RotationSchedule) {
        var instant = Self.seconds(2026, 3, 1, 0, 0, 0)
        let end = Self.seconds(2026, 11, 1, 0, 0, 0)
        while instant < end {
            let next = schedule.next(after: instant, offset: Self.berlin)
            guard next > instant, next <= instant + 26 * 3600 else {
                Issue.record("\(next) after \(instant)")
                return
            }
            instant = next
        }
    }
}
