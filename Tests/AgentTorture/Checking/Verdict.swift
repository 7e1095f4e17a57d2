// SPDX-License-Identifier: Apache-2.0

/// What became of the lines of one style.
struct Verdict {
    var written = 0
    var lost: [Destination: Int] = [:]
    var twice: [Destination: Int] = [:]
    /// Not there, and nobody's fault: no agent was there to look, or not for long enough.
    var away: [Destination: Int] = [:]
    var tooShort: [Destination: Int] = [:]

    static func += (left: inout Verdict, right: Verdict) {
        left.written += right.written
        left.lost.merge(right.lost, uniquingKeysWith: +)
        left.twice.merge(right.twice, uniquingKeysWith: +)
        left.away.merge(right.away, uniquingKeysWith: +)
        left.tooShort.merge(right.tooShort, uniquingKeysWith: +)
    }
}
