// SPDX-License-Identifier: Apache-2.0

public import Logging

/// What holds for the logger of one name, and for those below it (`mlops` is above `mlops.prediction`).
///
/// It works as in Python's `logging`: the level is the nearest one that is set going up to the root, and decides alone
/// whether an event is logged; the event then goes to the logger's own outputs and to those of every logger above it,
/// up to and including the first that does not propagate.
public struct LoggerRule: Sendable {
    /// Events below this level are not logged; nil for the level of the logger above.
    public var level: Logger.Level?
    /// Where events go, beside the outputs of the loggers above.
    public var outputs: [LogOutput]
    /// Whether events go to the outputs of the loggers above, too.
    public var propagates: Bool

    /// Creates a rule.
    ///
    /// - Parameters:
    ///   - level: events below it are not logged; nil for the level of the logger above.
    ///   - outputs: where events go.
    ///   - propagates: whether they go to the outputs of the loggers above, too.
    public init(level: Logger.Level? = nil, outputs: [LogOutput] = [], propagates: Bool = true) {
        self.level = level
        self.outputs = outputs
        self.propagates = propagates
    }
}
