// SPDX-License-Identifier: Apache-2.0

/// How one input stands.
package struct InputReport: Sendable, Equatable {
    package var name: String
    /// False if its thread did not answer in time: then nothing is known of its files.
    package var isAnswering = true
    package var open = 0
    package var waiting = 0
    package var closed = 0
    package var failing = 0
    /// Bytes that some output has not said yes to.
    package var lag: Int64 = 0
    /// Nanoseconds since 1970 at which the oldest of these bytes had been there already.
    package var unreadSince: Int64?
    /// Since the agent's start.
    package var events = 0
    package var bytes = 0
    package var dropped = 0
    package var parseFailures = 0
    package var truncations = 0
    package var rotations = 0

    package init(name: String) { self.name = name }

    /// Counts files by what they do.
    mutating func count(_ files: [FileReport]) {
        for file in files {
            switch file.state {
            case .reading, .waitingForLineEnd, .atEnd: open += 1
            case .waitingForTurn: waiting += 1
            case .closed: closed += 1
            case .failing: failing += 1
            case .gone, .copy, .passedOver, .waitingForAgent: break
            }
            let lag = file.lag
            self.lag += lag
            if lag > 0, let since = file.unreadSince { unreadSince = min(unreadSince ?? since, since) }
        }
    }
}
