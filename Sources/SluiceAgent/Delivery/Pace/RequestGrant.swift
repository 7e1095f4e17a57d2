// SPDX-License-Identifier: Apache-2.0

/// That a request may go now, and where.
package struct RequestGrant: Equatable, Sendable {
    /// Of the request, and of those that come of it when it has to be sent again.
    package var ticket: UInt64
    package var batch: UInt64
    package var choice: HostSelection.Choice
    /// When it was given.
    package var started: Int64
    /// Of the body, before compression.
    package var bytes: Int

    package init(ticket: UInt64, batch: UInt64, choice: HostSelection.Choice, started: Int64, bytes: Int) {
        self.ticket = ticket
        self.batch = batch
        self.choice = choice
        self.started = started
        self.bytes = bytes
    }

    /// The place in the list of hosts.
    package var host: Int { choice.host }
}
