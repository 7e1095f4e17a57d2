// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The context of the task that is running.
enum TaskContext {
    @TaskLocal private static var value: EncodedContext<LogMetadata>?

    /// Looking up a task-local value costs 20 ns; whoever uses none does not pay for it.
    private static let wasUsed = Atomic(false)

    /// Whether any task has ever had one.
    @inline(__always)
    static var isUsed: Bool { wasUsed.load(ordering: .relaxed) }

    @inline(__always)
    static var current: EncodedContext<LogMetadata>? { isUsed ? value : nil }

    /// The current context with more in it.
    static func adding(_ metadata: LogMetadata) -> EncodedContext<LogMetadata> {
        wasUsed.store(true, ordering: .relaxed)
        let merged = current?.values.merging(metadata) ?? metadata
        return EncodedContext(merged, policy: LogEngine.shared.policy)
    }

    static func with<Result>(_ context: EncodedContext<LogMetadata>, _ operation: () throws -> Result) rethrows
        -> Result
    {
        try $value.withValue(context, operation: operation)
    }

    nonisolated(nonsending) static func with<Result>(
        _ context: EncodedContext<LogMetadata>,
        _ operation: nonisolated(nonsending) () async throws -> Result
    ) async rethrows -> Result {
        try await $value.withValue(context, operation: operation)
    }
}

/// Runs `operation` with more context: all that is logged in it, and in the child tasks that it starts, has these
/// fields, through swift-log as through ``ContextLogger``.
///
/// ```swift
/// try await withLogContext(["request_id": id]) {
///     try await serve(request)
/// }
/// ```
///
/// Contexts add up; an inner one replaces what an outer one has under the same key. A logger's own context comes before
/// it, and what a metadata provider or the call itself adds comes after it: the later of two fields with the same key is
/// the one in the line. A detached task starts without it.
///
/// - Parameters:
///   - metadata: the fields.
///   - operation: what is run.
public func withLogContext<Result>(
    _ metadata: LogMetadata,
    operation: () throws -> Result
) rethrows -> Result {
    try TaskContext.with(TaskContext.adding(metadata), operation)
}

/// Runs `operation` with more context: all that is logged in it, and in the child tasks that it starts, has these
/// fields, through swift-log as through ``ContextLogger``.
///
/// - Parameters:
///   - metadata: the fields.
///   - operation: what is run.
public nonisolated(nonsending) func withLogContext<Result>(
    _ metadata: LogMetadata,
    operation: nonisolated(nonsending) () async throws -> Result
) async rethrows -> Result {
    try await TaskContext.with(TaskContext.adding(metadata), operation)
}
