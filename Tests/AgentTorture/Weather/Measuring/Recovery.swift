// SPDX-License-Identifier: Apache-2.0

/// How an output went on when the weather had ended. Times are nanoseconds after that moment.
struct Recovery: Sendable {
    var output: WeatherOutput
    /// What was over, at this output or the agent; none where it was elsewhere.
    var spells: [Spell]
    /// When that was.
    var moment: Int64
    /// Until as many lines arrived as are written; nil if that was not seen.
    var flowing: Int64?
    /// Until no more was waiting than is written in a second; nil if that was not seen.
    var caughtUp: Int64?
    /// How long it was looked at.
    var calm: Int64

    /// As long as it took, or was looked at.
    var time: Int64 { flowing ?? calm }
}
