// SPDX-License-Identifier: Apache-2.0

public import Logging

/// All that decides what becomes of an event: levels and outputs by the logger's name, and what keeps logs sane.
public struct LogConfiguration: Sendable {
    /// What holds for all loggers. Without a level, it is `info`; whether it propagates has no meaning.
    public var root: LoggerRule
    /// What holds for loggers by their dotted names, and for those below them.
    public var loggers: [String: LoggerRule]
    /// What no line may show.
    public var redaction = LogRedaction()
    /// How long values and lines may be.
    public var limits = LogLimits()
    /// Which lines of a flood are left out; nil for none.
    public var sampling: LogSampling?
    /// For how long a line is not said again; nil for not at all.
    public var repeats: LogRepeats?
    /// What was opened for it if it was read from a file, so that the next reading can go on with it.
    var configured: [ConfiguredDestination] = []
    /// What the file's sections put out of force, to come back when the file no longer has them.
    var replaced = SanitySections()

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - level: events below it are not logged, where no rule says otherwise.
    ///   - outputs: where events go.
    ///   - loggers: rules by dotted names.
    public init(
        level: Logger.Level = .info,
        outputs: [LogOutput] = [LogOutput(.standardOutput)],
        loggers: [String: LoggerRule] = [:]
    ) {
        root = LoggerRule(level: level, outputs: outputs)
        self.loggers = loggers
    }

    /// The level and the outputs of the logger of this name.
    func resolve(_ name: String) -> (level: Logger.Level, outputs: [LogOutput]) {
        var level: Logger.Level?
        var outputs: [LogOutput] = []
        var isPropagating = true
        var rest: Substring? = name[...]
        while let current = rest {
            if let rule = loggers[String(current)] {
                if level == nil { level = rule.level }
                if isPropagating { outputs += rule.outputs }
                if !rule.propagates { isPropagating = false }
            }
            rest = current.lastIndex(of: ".").map { current[..<$0] }
        }
        if isPropagating { outputs += root.outputs }
        return (level ?? root.level ?? .info, outputs)
    }

    /// All outputs, of all rules.
    var allOutputs: [LogOutput] { root.outputs + loggers.values.flatMap(\.outputs) }

    /// Has destinations that write lines of their own write them as the others are. Of several layouts that one
    /// destination has, the root's counts, and of those the first.
    func tellLayouts() {
        for output in allOutputs.reversed() {
            (output.destination as? BackgroundDestination)?.adopt(output.layout.adapted(isTerminal: false))
        }
    }
}
