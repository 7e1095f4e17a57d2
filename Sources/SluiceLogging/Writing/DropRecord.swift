// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// What a destination could not write, and whether that has been said.
///
/// Trouble is said on the standard error once when it begins and once when it is over, however many lines it costs.
/// Trouble that comes back within ten seconds of what was said last is only counted, and goes into the next count.
struct DropRecord {
    private static let quietNanoseconds: Int64 = 10_000_000_000

    /// Lines dropped since the destination was made.
    private(set) var total = 0
    private var sinceSaid = 0
    private var isFailing = false
    private var isSaid = false
    private var nextSaying = Int64.min

    /// Lines are lost.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - isQuiet: there is nobody to say it to, or it is as it should be.
    mutating func drop(_ count: Int = 1, because error: SystemError, isQuiet: Bool = false) {
        total += count
        sinceSaid += count
        if !isQuiet, !isFailing { say("\(error); log lines are dropped until that is put right") }
    }

    /// Nothing is lost, but something is not as it was asked for.
    mutating func complain(about error: SystemError, consequence: String) {
        if !isFailing { say("\(error); \(consequence)") }
    }

    private mutating func say(_ text: String) {
        isFailing = true
        let now = SystemClock.coarseMonotonic()
        isSaid = now >= nextSaying
        guard isSaid else { return }
        nextSaying = now + Self.quietNanoseconds
        StandardStream.complain(text)
    }

    /// A line was written, and everything is as it was asked for.
    @inline(__always)
    mutating func recover(path: String) {
        if isFailing { sayRecovered(path: path) }
    }

    private mutating func sayRecovered(path: String) {
        isFailing = false
        guard isSaid else { return }
        StandardStream.complain("\(path) is in order again; \(sinceSaid) log lines were dropped")
        sinceSaid = 0
    }
}
