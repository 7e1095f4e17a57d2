// SPDX-License-Identifier: Apache-2.0

public import Logging

/// Keeps a flood of the same message from filling the log: of the lines with one level and message the first so many in
/// each interval are logged, and after them every so-many-th.
///
/// What is left out is counted: ``LogEngine/sampledOut``. Two messages may now and then be counted as one.
public struct LogSampling: Sendable, Hashable {
    /// How many lines are logged in each interval before any is left out.
    public var first: Int
    /// Of those behind them every so-many-th is logged; 0 for none.
    public var thereafter: Int
    /// How long an interval is.
    public var interval: Duration
    /// Lines of this level and above are never left out; nil if all may be.
    public var exemptLevel: Logger.Level?

    /// Creates a sampling.
    ///
    /// - Parameters:
    ///   - first: lines that are logged in each interval before any is left out.
    ///   - thereafter: of those behind them every so-many-th is logged; 0 for none.
    ///   - interval: how long an interval is.
    ///   - exemptLevel: lines of this level and above are never left out; nil if all may be.
    public init(
        first: Int,
        thereafter: Int,
        interval: Duration = .seconds(1),
        exemptLevel: Logger.Level? = .error
    ) {
        self.first = first
        self.thereafter = thereafter
        self.interval = interval
        self.exemptLevel = exemptLevel
    }
}
