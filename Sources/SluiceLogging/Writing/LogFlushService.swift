// SPDX-License-Identifier: Apache-2.0

#if ServiceLifecycle
public import ServiceLifecycle

/// A service that flushes the logs when all others have ended.
///
/// Services are shut down in the reverse of their order, so it comes first:
///
/// ```swift
/// let group = ServiceGroup(services: [LogFlushService(), database, server], logger: logger)
/// try await group.run()
/// ```
///
/// Destinations stay open: what is logged after the group has ended is flushed when the process ends.
public struct LogFlushService: Service {
    private let destinations: [any LogDestination]?

    /// - Parameter destinations: which are flushed, those that write to others first; nil for all of the process.
    public init(destinations: [any LogDestination]? = nil) { self.destinations = destinations }

    /// Waits for the shutdown and flushes.
    public func run() async throws {
        // Cancelling the group is an end as well.
        try? await gracefulShutdown()
        let destinations = destinations
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            // Flushing may wait for a disk, which the few threads of async code must not.
            let flush: @Sendable () -> Void = {
                if let destinations {
                    for destination in destinations { destination.flush() }
                } else {
                    LoggingShutdown.flush()
                }
                continuation.resume()
            }
            if !WorkThread.start(flush) { flush() }
        }
    }
}
#endif
