// SPDX-License-Identifier: Apache-2.0

public import Logging
import SluiceBytes

/// A handler for swift-log that writes each event as one line of JSON.
///
/// ```swift
/// let file = try RotatingFile(path: "/var/log/service/app.log", maximumBytes: 10 << 20, backupCount: 10)
/// LoggingSystem.bootstrap(
///     { label, provider in JSONLogHandler(label: label, destination: file, metadataProvider: provider) },
///     metadataProvider: nil
/// )
/// ```
///
/// ```json
/// {"timestamp":"2026-11-22T03:32:00.123456Z","level":"INFO","logger":"mlops.prediction","message":"prediction served",
///  "module":"Service","function":"predict()","line":42,"request_id":"9f0c","user_id":42}
/// ```
/// (on one line.)
///
/// - Metadata stands at the top level: the handler's, then the metadata provider's, then the call's, each in the order
///   of their keys. A later one replaces an earlier one of the same key, so no key appears twice.
/// - Integers, floating-point numbers and booleans given as `.stringConvertible` keep their types; a number that is
///   not finite is `null`; anything else is its description. Arrays and dictionaries are nested.
/// - Metadata under one of the keys above, or under `exception`, is kept with an underscore behind its key: `level`
///   becomes `level_`, and `level_` becomes `level__`.
/// - An error passed to the logger becomes `"exception":{"type":…,"message":…}` at the end.
///
/// The handler's own metadata is encoded when it is set, not for every line.
public struct JSONLogHandler: LogHandler {
    /// Everything but the level, behind one reference: loggers copy their handler for every line.
    private final class Storage: Sendable {
        let encoder: LineEncoder
        let destination: any LogDestination
        let context: EncodedMetadata
        let metadataProvider: Logger.MetadataProvider?
        let clock: @Sendable () -> Int64

        init(
            encoder: LineEncoder,
            destination: any LogDestination,
            context: EncodedMetadata,
            metadataProvider: Logger.MetadataProvider?,
            clock: @escaping @Sendable () -> Int64
        ) {
            self.encoder = encoder
            self.destination = destination
            self.context = context
            self.metadataProvider = metadataProvider
            self.clock = clock
        }

        func with(context: EncodedMetadata) -> Storage {
            Storage(
                encoder: encoder,
                destination: destination,
                context: context,
                metadataProvider: metadataProvider,
                clock: clock
            )
        }

        func with(metadataProvider: Logger.MetadataProvider?) -> Storage {
            Storage(
                encoder: encoder,
                destination: destination,
                context: context,
                metadataProvider: metadataProvider,
                clock: clock
            )
        }
    }

    private var storage: Storage

    /// Events below this level are not logged.
    public var logLevel: Logger.Level

    /// Creates a handler.
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
            clock: SystemClock.now
        )
    }

    /// The same with a clock of one's own, in nanoseconds since 1970-01-01T00:00:00Z.
    package init(
        label: String,
        destination: any LogDestination,
        level: Logger.Level = .info,
        metadata: Logger.Metadata = [:],
        metadataProvider: Logger.MetadataProvider? = nil,
        clock: @escaping @Sendable () -> Int64
    ) {
        logLevel = level
        storage = Storage(
            encoder: LineEncoder(label: label),
            destination: destination,
            context: EncodedMetadata(metadata),
            metadataProvider: metadataProvider,
            clock: clock
        )
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        let storage = storage
        let provided = storage.metadataProvider?.get()
        LineBuffer.withCurrent { buffer in
            storage.encoder.encode(
                event,
                time: storage.clock(),
                context: storage.context,
                provided: provided,
                into: buffer
            )
            buffer.line.view.withRawSpan { storage.destination.write($0, level: event.level) }
        }
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
        get { storage.context.values }
        set { storage = storage.with(context: EncodedMetadata(newValue)) }
    }

    /// One value of the metadata that is in every line.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { storage.context[key] }
        set {
            var context = storage.context
            context.set(key, to: newValue)
            storage = storage.with(context: context)
        }
    }
}
