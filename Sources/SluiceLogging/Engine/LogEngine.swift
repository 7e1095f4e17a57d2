// SPDX-License-Identifier: Apache-2.0

public import Logging
import Synchronization

/// What all loggers of a process write through: it knows the levels and the outputs of every logger by its name.
///
/// ```swift
/// LogEngine.shared.configure(
///     LogConfiguration(
///         level: .info,
///         outputs: [
///             LogOutput(.standardError, level: .warning, layout: .text),
///             LogOutput(try RotatingFile(path: "/var/log/mlops/app.log")),
///         ]
///     )
/// )
/// ```
///
/// A configuration can be replaced, and levels can be changed, while the process runs: loggers that exist follow at
/// once. Nothing of it is needed before a logger is made or used; until it is configured, ``shared`` writes JSON lines
/// from `info` up to the standard output.
public final class LogEngine: Sendable {
    /// The engine of loggers that are not given another.
    public static let shared = LogEngine(LogConfiguration())

    private struct State {
        var configuration: LogConfiguration
        /// What is the same for all loggers of the configuration.
        var shared: RouteParts
        /// Levels that were set by hand, by name; `""` is the root's.
        var levels: [String: Logger.Level] = [:]
        var entries: [String: WeakEntry] = [:]
        /// Entries are looked through for loggers that are gone when there are this many.
        var nextPurge = 64

        /// The nearest level that is set, by hand or else in the configuration, going up from the name.
        func level(of name: String) -> Logger.Level {
            guard !levels.isEmpty else { return configuration.resolve(name).level }
            var rest: Substring? = name[...]
            while let current = rest {
                let key = String(current)
                if let level = levels[key] ?? configuration.loggers[key]?.level { return level }
                rest = current.lastIndex(of: ".").map { current[..<$0] }
            }
            return levels[""] ?? configuration.root.level ?? .info
        }
    }

    private struct WeakEntry {
        weak var entry: LoggerEntry?
    }

    private let state: Mutex<State>
    private let clock: (@Sendable () -> Int64)?

    /// Creates an engine with outputs of its own.
    ///
    /// - Parameter configuration: levels and outputs; more in ``configure(_:)``.
    public convenience init(_ configuration: LogConfiguration) {
        self.init(configuration, clock: nil)
    }

    /// - Parameter clock: nanoseconds since 1970-01-01T00:00:00Z; nil for the system's.
    package init(_ configuration: LogConfiguration, clock: (@Sendable () -> Int64)?) {
        self.clock = clock
        state = Mutex(State(configuration: configuration, shared: RouteParts(configuration, clock: clock)))
        configuration.tellLayouts()
    }

    /// The configuration in force. Levels set by ``setLevel(_:for:)`` are not in it.
    public var configuration: LogConfiguration { state.withLock { $0.configuration } }

    /// Puts a configuration in force, for loggers that exist too. Levels set by hand are forgotten.
    ///
    /// Destinations that are no longer used are neither flushed nor closed: whoever made them may use them elsewhere.
    public func configure(_ configuration: LogConfiguration) {
        sayRepeats()
        configuration.tellLayouts()
        state.withLock { state in
            state.configuration = configuration
            state.shared = RouteParts(configuration, clock: clock)
            state.levels = [:]
            for (name, weak) in state.entries {
                guard let entry = weak.entry else { continue }
                let resolved = configuration.resolve(name)
                entry.update(route: LogRoute(state.shared, outputs: resolved.outputs), level: resolved.level)
            }
        }
    }

    /// Changes the level of a logger and of those below it, whatever the configuration says of them, while the process
    /// runs.
    ///
    /// - Parameters:
    ///   - level: events below it are not logged; nil to go back to what the configuration says.
    ///   - logger: a dotted name; `""` for the root, which holds where no level is set for a name.
    public func setLevel(_ level: Logger.Level?, for logger: String = "") {
        state.withLock { state in
            state.levels[logger] = level
            for (name, weak) in state.entries { weak.entry?.update(level: state.level(of: name)) }
        }
    }

    /// The level of a logger: events below it are not logged.
    public func level(of logger: String) -> Logger.Level { state.withLock { $0.level(of: logger) } }

    /// Hands everything that was logged so far to the operating system.
    public func flush() {
        sayRepeats()
        for destination in destinations { destination.flush() }
    }

    /// Flushes and closes all destinations of the configuration. Lines that come later are dropped and counted.
    public func close() {
        sayRepeats()
        for destination in destinations { destination.close() }
    }

    /// Lines that sampling left out, since the configuration is in force.
    public var sampledOut: Int { state.withLock { $0.shared.filter }?.sampledOut ?? 0 }

    /// Lines that were left out as repeats, since the configuration is in force.
    public var suppressedRepeats: Int { state.withLock { $0.shared.filter }?.suppressed ?? 0 }

    private func sayRepeats() {
        for summary in state.withLock({ $0.shared.filter })?.drain() ?? [] { LineBuffer.say(summary) }
    }

    /// Each destination once.
    private var destinations: [any LogDestination] {
        var seen: Set<ObjectIdentifier> = []
        return configuration.allOutputs.map(\.destination).filter { seen.insert(ObjectIdentifier($0)).inserted }
    }

    /// What is known of the logger of this name; the same for all that ask.
    func entry(for name: String) -> LoggerEntry {
        state.withLock { state in
            if let known = state.entries[name]?.entry { return known }
            if state.entries.count >= state.nextPurge {
                state.entries = state.entries.filter { $0.value.entry != nil }
                state.nextPurge = max(64, state.entries.count * 2)
            }
            let outputs = state.configuration.resolve(name).outputs
            let entry = LoggerEntry(
                name: name,
                level: state.level(of: name),
                route: LogRoute(state.shared, outputs: outputs)
            )
            state.entries[name] = WeakEntry(entry: entry)
            return entry
        }
    }

    /// How many names are kept, of loggers that are there and of some that are gone.
    package var knownNames: Int { state.withLock { $0.entries.count } }

    /// The rules by which values are written now.
    var policy: EncodingPolicy { state.withLock { $0.shared.policy } }
}
