// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// The bounds of a `range`: compared as numbers, times or text, whatever the value in the document is.
package struct RangeBounds: Equatable {
    package struct Bound: Equatable {
        package var text: String
        package var isIncluded: Bool
        package var number: Double?
        /// Nanoseconds since 1970.
        package var time: Int64?
    }

    package var lower: Bound?
    package var upper: Bound?

    /// - Parameters:
    ///   - text: a number, a time, a time with date math (`now-1h/d`), or other text.
    ///   - isUpper: date math rounds an upper bound that is included up, and a lower one that is not.
    package static func bound(
        _ text: String,
        isIncluded: Bool,
        isUpper: Bool,
        now: Int64,
        isSeconds: Bool = false
    ) -> Bound {
        let roundsUp = isUpper == isIncluded
        var time = DateMath.nanoseconds(text, now: now, roundsUp: roundsUp)
        if isSeconds, let seconds = Double(text) { time = Int64(exactly: (seconds * 1e9).rounded()) }
        return Bound(text: text, isIncluded: isIncluded, number: Double(text), time: time)
    }

    /// Whether a value lies between them.
    package func contains(_ value: DocumentFields.Value, text: ByteView) -> Bool {
        let isNumber = value.kind.isNumber
        let number = isNumber ? NumberText.double(text) : nil
        let bounds = [lower, upper].compactMap { $0 }
        // A number in the document is compared as one, unless the bounds are times: then it is milliseconds.
        if let number, bounds.allSatisfy({ $0.number != nil }) {
            return check { compare(number, $0.number ?? .nan) }
        }
        if bounds.allSatisfy({ $0.time != nil }) {
            let time = isNumber ? number.flatMap { Int64(exactly: ($0 * 1e6).rounded()) } : DateText.nanoseconds(text)
            if let time { return check { compare(time, $0.time ?? 0) } }
        }
        if isNumber { return false }
        // Text that is a number, against numbers.
        if let number = NumberText.double(text), bounds.allSatisfy({ $0.number != nil }) {
            return check { compare(number, $0.number ?? .nan) }
        }
        return check { bound in
            let (left, right) = (text.array, Array(bound.text.utf8))
            return left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
        }
    }

    private func compare<Number: Comparable>(_ left: Number, _ right: Number) -> Int {
        left == right ? 0 : left < right ? -1 : 1
    }

    private func check(_ compare: (Bound) -> Int) -> Bool {
        if let lower {
            let order = compare(lower)
            if order < 0 || order == 0 && !lower.isIncluded { return false }
        }
        if let upper {
            let order = compare(upper)
            if order > 0 || order == 0 && !upper.isIncluded { return false }
        }
        return true
    }
}
