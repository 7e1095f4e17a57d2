// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Standard and summer time as POSIX writes them in `TZ`: `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// Source: POSIX.1-2017, base definitions, 8.3, with the hours from -167 to 167 that RFC 8536 (section 3.3.1) adds.
struct YearlyTimeZoneRule: Sendable, Equatable {
    /// A day of the year, and a time of that day in seconds.
    struct Change: Sendable, Equatable {
        enum Day: Sendable, Equatable {
            /// 1 to 365, February 29 never counted.
            case julian(Int)
            /// 0 to 365, February 29 counted.
            case dayOfYear(Int)
            /// Month, week 1 to 5 (5 is the last), weekday (0 is Sunday).
            case weekday(month: Int, week: Int, day: Int)
        }
        var day: Day
        var time: Int

        /// Seconds since 1970 as the clock shows them.
        func local(year: Int) -> Int64 {
            let january = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
            let days: Int
            switch day {
            case .julian(let number):
                let isLeap = CivilDate(year: year, month: 3, day: 1).daysSinceEpoch - january == 60
                days = january + number - 1 + (isLeap && number >= 60 ? 1 : 0)
            case .dayOfYear(let number): days = january + number
            case .weekday(let month, let week, let weekday):
                let first = CivilDate(year: year, month: month, day: 1).daysSinceEpoch
                let next = CivilDate(year: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1).daysSinceEpoch
                // 1970-01-01 was a Thursday, 4 from Sunday.
                let firstWeekday = ((first + 4) % 7 + 7) % 7
                var candidate = first + (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
                if candidate >= next { candidate -= 7 }
                days = candidate
            }
            return Int64(days) * 86_400 + Int64(time)
        }
    }

    var standard: Int
    /// Nil where there is no summer time.
    var summer: (offset: Int, start: Change, end: Change)?

    static func == (left: Self, right: Self) -> Bool {
        left.standard == right.standard && left.summer?.offset == right.summer?.offset
            && left.summer?.start == right.summer?.start && left.summer?.end == right.summer?.end
    }

    init?(_ text: some Sequence<UInt8>) {
        var reader = POSIXTimeZoneReader(Array(text))
        guard reader.skipName(), let standard = reader.offset() else { return nil }
        self.standard = -standard
        if reader.isAtEnd { return }
        guard reader.skipName() else { return nil }
        var offset = self.standard + 3600
        if !reader.isNext(",") {
            guard let written = reader.offset() else { return nil }
            offset = -written
        }
        guard reader.take(","), let start = reader.change(), reader.take(","), let end = reader.change(),
            reader.isAtEnd
        else { return nil }
        summer = (offset, start, end)
    }

    /// Seconds east of UTC at an instant, given in seconds since 1970.
    func offset(at instant: Int64) -> Int {
        guard let summer else { return standard }
        let day = Int(Timestamp.floorDivide(instant &+ Int64(standard), 86_400))
        let year = CivilDate(daysSinceEpoch: day).year
        let start = summer.start.local(year: year) - Int64(standard)
        let end = summer.end.local(year: year) - Int64(summer.offset)
        let isSummer = start < end ? instant >= start && instant < end : !(instant >= end && instant < start)
        return isSummer ? summer.offset : standard
    }
}
