// SPDX-License-Identifier: Apache-2.0

/// What fills a queue: a listener, a program, the standard input.
protocol QueueSource: AnyObject, Sendable {
    /// Puts what comes into the queue, until it is stopped or nothing more can come. Blocks, on a thread of its own.
    func run(into queue: DurableQueue)
    /// Ends `run` soon, from another thread; may come before it.
    func stop()
    /// How its files stand, if it has files.
    func fileReports(nanoseconds: Int64) async -> [FileReport]?
}

extension QueueSource {
    func fileReports(nanoseconds: Int64) async -> [FileReport]? { [] }
}
