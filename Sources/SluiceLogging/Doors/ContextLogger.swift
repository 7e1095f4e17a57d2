// SPDX-License-Identifier: Apache-2.0

public import Logging
import SluiceBytes
public import Synchronization

/// A logger for hot paths, and for those who think in contexts: fields have types and go straight into the line.
///
/// ```swift
/// let log = ContextLogger("mlops.prediction")
///
/// log.setContext(["request_id": id])
/// log.info("prediction served") {
///     $0["user_id"] = 42
///     $0["execution_time"] = 0.013
/// }
/// log.error("prediction failed", error: error)
/// log.clearContext()
/// ```
///
/// It writes to the outputs that its engine has for its name, ``LogEngine/shared`` unless it is given another. What a
/// line has is described at ``JSONLogHandler``, and is the same through both: the logger's context, then the task's
/// (``withLogContext(_:operation:)-7k1lb``), then the call's fields, in the order in which they were set.
///
/// Message, error and fields are evaluated only if the level is logged. A logger is one object wherever it is passed;
/// its context is its own, and ``with(_:)`` makes a logger with a context of its own.
public final class ContextLogger: Sendable {
    @usableFromInline let entry: LoggerEntry
    private let engine: LogEngine
    private let context: Mutex<EncodedContext<LogMetadata>?>
    /// Most loggers have none, and need not lock to know.
    private let hasContext: Atomic<Bool>

    /// Creates a logger.
    ///
    /// - Parameters:
    ///   - name: dotted, as in `mlops.prediction`; by it the engine knows level and outputs.
    ///   - engine: what it writes through.
    public convenience init(_ name: String, engine: LogEngine = .shared) {
        self.init(entry: engine.entry(for: name), engine: engine, context: nil)
    }

    private init(entry: LoggerEntry, engine: LogEngine, context: EncodedContext<LogMetadata>?) {
        self.entry = entry
        self.engine = engine
        self.context = Mutex(context)
        hasContext = Atomic(context != nil)
    }

    /// The logger's name.
    public var name: String { entry.name }

    /// Whether an event of this level would be written anywhere.
    @inlinable
    public func isEnabled(_ level: Logger.Level) -> Bool {
        LevelRank.of(level) >= entry.threshold.load(ordering: .relaxed)
    }

    // MARK: Context

    /// The fields that are in every line of this logger.
    public var metadata: LogMetadata { context.withLock { $0 }?.values ?? [:] }

    /// Adds fields to every line of this logger from now on, on all threads that use it. They replace those of the same
    /// key.
    public func setContext(_ metadata: LogMetadata) {
        let policy = engine.policy
        // Encoding runs other people's code, so that it is done outside the lock; in the rare case that another thread
        // was quicker, it is done again.
        var known = context.withLock { $0 }
        while true {
            let merged = known?.values.merging(metadata) ?? metadata
            let changed = merged.isEmpty ? nil : EncodedContext(merged, policy: policy)
            let isDone = context.withLock { current in
                guard current === known else {
                    known = current
                    return false
                }
                current = changed
                hasContext.store(changed != nil, ordering: .releasing)
                return true
            }
            if isDone { return }
        }
    }

    /// Removes all fields that ``setContext(_:)`` added.
    public func clearContext() {
        context.withLock { current in
            current = nil
            hasContext.store(false, ordering: .releasing)
        }
    }

    /// A logger of the same name with this one's present context and more; what later becomes of either context does
    /// not concern the other.
    public func with(_ metadata: LogMetadata) -> ContextLogger {
        let merged = self.metadata.merging(metadata)
        let context = merged.isEmpty ? nil : EncodedContext(merged, policy: engine.policy)
        return ContextLogger(entry: entry, engine: engine, context: context)
    }

    // MARK: Writing

    @usableFromInline
    @inline(never)
    func write(
        _ level: Logger.Level,
        _ message: String,
        error: (any Error)?,
        file: StaticString,
        function: StaticString,
        line: UInt,
        hasFields: Bool,
        _ fields: (borrowing LogFields) -> Void
    ) {
        message.withBytes { message in
            LineBuffer.withCurrent { buffer in
                unsafe entry.route._withUnsafeGuaranteedRef { route in
                    buffer.beginExplicit(route.policy)
                    if hasFields { fields(LogFields(buffer)) }
                    let source = Self.source(file: file, function: function, line: line, buffer: buffer)
                    if hasContext.load(ordering: .relaxed) || TaskContext.isUsed {
                        writeInContext(message, level, error, source, buffer, route)
                    } else {
                        buffer.beginBlocks()
                        buffer.add(buffer.explicit)
                        buffer.write(message, level: level, error: error, source: source, entry, route)
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
        let context = context.withLock { $0 }
        let taskContext = TaskContext.current
        buffer.beginBlocks()
        context?.add(to: buffer, policy: route.policy)
        taskContext?.add(to: buffer, policy: route.policy)
        buffer.add(buffer.explicit)
        buffer.endBlocks()
        withExtendedLifetime((context, taskContext)) {
            buffer.write(message, level: level, error: error, source: source, entry, route)
        }
    }

    @inline(__always)
    private static func source(
        file: StaticString,
        function: StaticString,
        line: UInt,
        buffer: LineBuffer
    ) -> LineBuffer.Source {
        let file = view(file)
        let function = view(function)
        let site = buffer.sites.text(literalFile: file, literalFunction: function, line: line)
        return LineBuffer.Source(file: file, function: function, line: line, site: site)
    }

    /// A literal of one scalar may have no bytes to point at. Neither a file nor a function is one.
    @inline(__always)
    private static func view(_ text: StaticString) -> ByteView {
        text.hasPointerRepresentation ? ByteView(text) : .empty
    }
}
