// SPDX-License-Identifier: Apache-2.0

/// How far a place's clocks are from UTC, and when.
package struct TimeZoneRules: Sendable, Equatable {
    /// Seconds since 1970 from which `offsets` of the same index holds, ascending.
    var transitions: [Int64] = []
    var offsets: [Int] = []
    /// What holds before the first transition.
    var initialOffset = 0
    /// What holds from the last transition on, where that goes on changing every year.
    var yearly: YearlyTimeZoneRule?

    package static let utc = TimeZoneRules(fixedOffset: 0)

    /// - Parameter fixedOffset: seconds east of UTC.
    package init(fixedOffset: Int) { initialOffset = fixedOffset }

    /// Reads `UTC`, `Z`, the empty text (UTC), `+01:00`, `-0330` and `+01`; nil for anything else.
    package init?(name: String) {
        if ["", "UTC", "Z", "GMT", "Etc/UTC"].contains(name) {
            self = .utc
            return
        }
        var digits = Array(name.utf8)
        guard let sign = digits.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        digits.removeFirst()
        if digits.count == 5, digits[2] == UInt8(ascii: ":") { digits.remove(at: 2) }
        guard digits.count == 2 || digits.count == 4, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            return nil
        }
        let values = digits.map { Int($0 - 0x30) }
        let hours = values[0] * 10 + values[1]
        let minutes = values.count == 4 ? values[2] * 10 + values[3] : 0
        guard hours < 24, minutes < 60 else { return nil }
        initialOffset = (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }

    /// Seconds east of UTC at an instant, given in seconds since 1970.
    package func offset(at instant: Int64) -> Int {
        if let last = transitions.last, instant < last {
            // The last transition that is not after the instant.
            var low = 0
            var high = transitions.count
            while low < high {
                let middle = (low + high) / 2
                if transitions[middle] <= instant { low = middle + 1 } else { high = middle }
            }
            return low == 0 ? initialOffset : offsets[low - 1]
        }
        if let yearly { return yearly.offset(at: instant) }
        return offsets.last ?? initialOffset
    }

    /// Seconds east of UTC when the clocks there show a time, given as if it were UTC. A time that the clocks skip or
    /// show twice is read with one of the two offsets.
    package func offset(atLocal seconds: Int64) -> Int {
        if transitions.isEmpty, yearly == nil { return initialOffset }
        return offset(at: seconds &- Int64(offset(at: seconds)))
    }
}
