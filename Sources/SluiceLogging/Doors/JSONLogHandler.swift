// SPDX-License-Identifier: Apache-2.0

public import Logging
import SluiceBytes
import Synchronization

/// A handler for swift-log that writes each event as one line of JSON, or of whatever layout its engine's outputs have.
///
/// ```swift
/// let file = try RotatingFile(path: "/var/log/service/app.log", maximumBytes: 10 << 20, backupCount: 10)
/// LogEngine.shared.configure(LogConfiguration(outputs: [LogOutput(file), LogOutput(.standardError, level: .error)]))
/// LoggingSystem.bootstrap({ label, provider in JSONLogHandler(label: label, metadataProvider: provider) },
///                         metadataProvider: nil)
/// ```
///
/// ```json
/// {"timestamp":"2026-11-22T03:32:00.123456Z","level":"INFO","logger":"mlops.prediction","message":"prediction served",
///  "module":"Service","function":"predict()","line":42,"request_id":"9f0c","user_id":42}
/// ```
/// (on one line.)
///
/// - Metadata stands at the top level: the handler's, then that of ``withLogContext(_:operation:)-7k1lb``, then the
///   metadata provider's, then the call's, each in the order of their keys. A later one replaces an earlier one of the
///   same key, so no key appears twice.
/// - Integers, floating-point numbers and booleans given as `.stringConvertible` keep their types; a number that is
///   not finite is `null`; what conforms to ``LogValue`` is what it says; anything else is its description. Arrays and
///   dictionaries are nested.
/// - Metadata under one of the layout's own keys is kept with an underscore behind its key: `level` becomes `level_`,
///   and `level_` becomes `level__`.
/// - An error passed to the logger becomes `"exception":{"type":…,"message":…}` at the end, with what a
///   ``LoggableError`` carries.
///
/// The handler's own metadata is encoded when it is set, not for every line. Level and metadata are values: changing
/// them changes this handler and no copy of it.
public struct JSONLogHandler: LogHandler {
    /// Everything but the level, behind one reference: loggers copy their handler for every line.
    private final class Storage: Sendable {
        let entry: LoggerEntry
        let policy: EncodingPolicy
        let context: EncodedContext<Logger.Metadata>?
        let metadataProvider: Logger.MetadataProvider?
        let isSourceFound = EventSource.isFound

        init(
            entry: LoggerEntry,
            policy: EncodingPolicy,
            context: EncodedContext<Logger.Metadata>?,
            metadataProvider: Logger.MetadataProvider?
        ) {
            self.entry = entry
            self.policy = policy
            self.context = context
            self.metadataProvider = metadataProvider
        }

        func with(context: EncodedContext<Logger.Metadata>?) -> Storage {
            Storage(entry: entry, policy: policy, context: context, metadataProvider: metadataProvider)
        }

        func with(metadataProvider: Logger.MetadataProvider?) -> Storage {
            Storage(entry: entry, policy: policy, context: context, metadataProvider: metadataProvider)
        }

        /// Writes an event. It is taken apart before, because a closure that captures it copies all of it.
        @inline(never)
        func write(
            _ message: String,
            level: Logger.Level,
            error: (any Error)?,
            metadata: Logger.Metadata?,
            source: String?,
            file: String,
            function: String,
            line: UInt
        ) {
            // It runs other people's code, which may log.
            let provided = metadataProvider?.get()
            guard let source else {
                return write(
                    message,
                    level,
                    error,
                    provided,
                    metadata,
                    .empty,
                    isSourceGiven: false,
                    file,
                    function,
                    line
                )
            }
            source.withBytes { source in
                write(message, level, error, provided, metadata, source, isSourceGiven: true, file, function, line)
            }
        }

        private func write(
            _ message: String,
            _ level: Logger.Level,
            _ error: (any Error)?,
            _ provided: Logger.Metadata?,
            _ metadata: Logger.Metadata?,
            _ source: ByteView,
            isSourceGiven: Bool,
            _ file: String,
            _ function: String,
            _ line: UInt
        ) {
            message.withBytes { message in
                file.withBytes { file in
                    function.withBytes { function in
                        LineBuffer.withCurrent { buffer in
                            unsafe entry.route._withUnsafeGuaranteedRef { route in
                                fill(buffer, provided, metadata, route)
                                var place = LineBuffer.Source(file: file, function: function, line: line)
                                if isSourceGiven {
                                    place.ownModule = source
                                    place.ownModules = 1
                                } else {
                                    place.site = buffer.sites.text(file: file, function: function, line: line)
                                }
                                if TaskContext.isUsed {
                                    writeInContext(message, level, error, place, buffer, route)
                                } else {
                                    buffer.beginBlocks()
                                    context?.add(to: buffer, policy: route.policy)
                                    buffer.add(buffer.provided)
                                    buffer.add(buffer.explicit)
                                    buffer.endBlocks()
                                    buffer.write(message, level: level, error: error, source: place, entry, route)
                                }
                            }
                        }
                    }
                }
            }
        }

        private func writeInContext(
            _ message: ByteView,
            _ level: Logger.Level,
            _ error: (any Error)?,
            _ source: LineBuffer.Source,
            _ buffer: LineBuffer,
            _ route: LogRoute
        ) {
            let taskContext = TaskContext.current
            buffer.beginBlocks()
            context?.add(to: buffer, policy: route.policy)
            taskContext?.add(to: buffer, policy: route.policy)
            buffer.add(buffer.provided)
            buffer.add(buffer.explicit)
            buffer.endBlocks()
            withExtendedLifetime(taskContext) {
                buffer.write(message, level: level, error: error, source: source, entry, route)
            }
        }

        private func append(_ metadata: Logger.Metadata, to set: FieldSet, _ buffer: LineBuffer, _ route: LogRoute) {
            set.fill(metadata, policy: route.policy, buffer.keys, buffer.shapes)
        }

        @inline(__always)
        private func fill(
            _ buffer: LineBuffer,
            _ provided: Logger.Metadata?,
            _ metadata: Logger.Metadata?,
            _ route: LogRoute
        ) {
            buffer.provided.removeAll()
            buffer.explicit.removeAll()
            if let provided, !provided.isEmpty { append(provided, to: buffer.provided, buffer, route) }
            if let metadata, !metadata.isEmpty { append(metadata, to: buffer.explicit, buffer, route) }
        }
    }

    private var storage: Storage
    /// What was set on this handler; nil for what the engine says.
    private var ownLevel: Logger.Level?

    /// Events below this level are not logged. Until it is set it is the engine's level for the handler's label, and
    /// changes with that.
    public var logLevel: Logger.Level {
        get { ownLevel ?? LevelRank.level(storage.entry.threshold.load(ordering: .relaxed)) }
        set { ownLevel = newValue }
    }

    /// Creates a handler that writes to the outputs that an engine has for its label.
    ///
    /// - Parameters:
    ///   - label: the logger's name, by which the engine knows its level and outputs.
    ///   - engine: what it writes through.
    ///   - metadata: is in every line.
    ///   - metadataProvider: is asked for more at every line.
    public init(
        label: String,
        engine: LogEngine = .shared,
        metadata: Logger.Metadata = [:],
        metadataProvider: Logger.MetadataProvider? = LoggingSystem.metadataProvider
    ) {
        let policy = engine.policy
        storage = Storage(
            entry: engine.entry(for: label),
            policy: policy,
            context: metadata.isEmpty ? nil : EncodedContext(metadata, policy: policy),
            metadataProvider: metadataProvider
        )
    }

    /// Creates a handler that writes to one destination in the default layout, whatever any engine says.
    ///
    /// - Parameters:
    ///   - label: the logger's name, the value of `logger` in every line.
    ///   - destination: where the lines go; handlers share it.
    ///   - level: events below it are not logged.
    ///   - metadata: is in every line.
    ///   - metadataProvider: is asked for more at every line.
    public init(
        label: String,
        destination: any LogDestination,
        level: Logger.Level = .info,
        metadata: Logger.Metadata = [:],
        metadataProvider: Logger.MetadataProvider? = LoggingSystem.metadataProvider
    ) {
        self.init(
            label: label,
            destination: destination,
            level: level,
            metadata: metadata,
            metadataProvider: metadataProvider,
            clock: nil
        )
    }

    /// The same with a clock of one's own, in nanoseconds since 1970-01-01T00:00:00Z.
    package init(
        label: String,
        destination: any LogDestination,
        level: Logger.Level = .info,
        metadata: Logger.Metadata = [:],
        metadataProvider: Logger.MetadataProvider? = nil,
        clock: (@Sendable () -> Int64)?
    ) {
        let route = LogRoute(RouteParts(policy: .standard, clock: clock), outputs: [LogOutput(destination)])
        ownLevel = level
        storage = Storage(
            entry: LoggerEntry(name: label, level: .trace, route: route),
            policy: .standard,
            context: metadata.isEmpty ? nil : EncodedContext(metadata, policy: .standard),
            metadataProvider: metadataProvider
        )
    }

    /// Writes one line to each output that takes the event's level.
    public func log(event: LogEvent) {
        storage.write(
            event.message.description,
            level: event.level,
            error: event.error,
            metadata: event.metadata,
            source: EventSource.given(by: event, isFound: storage.isSourceFound),
            file: event.file,
            function: event.function,
            line: event.line
        )
    }

    /// The form of before swift-log 1.16, which would lose its `source` on the way through the default.
    @available(*, deprecated, renamed: "log(event:)")
    public func log(
        level: Logger.Level,
        message: Logger.Message,
        metadata: Logger.Metadata?,
        source: String,
        file: String,
        function: String,
        line: UInt
    ) {
        log(
            event: LogEvent(
                level: level,
                message: message,
                metadata: metadata,
                source: source,
                file: file,
                function: function,
                line: line
            )
        )
    }

    /// Is asked for metadata at every line.
    public var metadataProvider: Logger.MetadataProvider? {
        get { storage.metadataProvider }
        set { storage = storage.with(metadataProvider: newValue) }
    }

    /// The metadata that is in every line.
    public var metadata: Logger.Metadata {
        get { storage.context?.values ?? [:] }
        set {
            let context = newValue.isEmpty ? nil : EncodedContext(newValue, policy: storage.policy)
            storage = storage.with(context: context)
        }
    }

    /// One value of the metadata that is in every line.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { storage.context?.values[key] }
        set {
            if let context = storage.context {
                storage = storage.with(context: context.setting(key, to: newValue))
            } else if let newValue {
                storage = storage.with(context: EncodedContext([key: newValue], policy: storage.policy))
            }
        }
    }
}
