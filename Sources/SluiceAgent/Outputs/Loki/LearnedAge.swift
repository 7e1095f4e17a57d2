// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes
import Synchronization

/// How old an event a Loki takes, learned from its refusals.
///
/// Source: the words of `validation.GreaterThanMaxSampleAgeErrorMsg` in Loki: `… has timestamp too old: TIME, oldest
/// acceptable timestamp is: TIME`, in RFC 3339.
package final class LearnedAge: Sendable {
    /// Clocks differ, and the age is in whole seconds: what is this much older is left to Loki to refuse.
    private static let slack: Int64 = 60_000_000_000

    private let age = Atomic<Int64>(.max)

    package init() {}

    /// Nanoseconds; the largest number as long as nothing is known.
    package var maximum: Int64 { age.load(ordering: .relaxed) }

    /// Takes an answer of Loki's.
    package func learn(from answer: ByteView, now: Int64) {
        guard let oldest = Self.oldestAcceptable(in: answer) else { return }
        let (difference, overflow) = now.subtractingReportingOverflow(oldest)
        guard !overflow, difference > 0 else { return }
        age.store(difference &+ Self.slack, ordering: .relaxed)
    }

    /// The time that an answer names as the oldest that is taken, in nanoseconds since 1970.
    package static func oldestAcceptable(in answer: ByteView) -> Int64? {
        let mark = ByteView("has timestamp too old: ")
        let words = ByteView(", oldest acceptable timestamp is: ")
        var rest = answer
        while let at = rest.firstRange(of: mark) {
            rest = rest[at.upperBound..<rest.count]
            // The refused event's own time comes first. What a label says cannot stand in for both.
            guard let end = rest.firstIndex(of: UInt8(ascii: ",")), Timestamp.parse(rest[0..<end]) != nil else {
                continue
            }
            let tail = rest[end..<rest.count]
            guard tail.hasPrefix(words) else { continue }
            let time = tail[words.count..<tail.count]
            var length = 0
            while length < time.count, length < 35, !Self.ends(time[length]) { length += 1 }
            guard let parsed = Timestamp.parse(time[0..<length]) else { continue }
            return parsed.nanoseconds
        }
        return nil
    }

    private static func ends(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "'")
    }
}
