// SPDX-License-Identifier: Apache-2.0

/// What is done with an event that its destination would refuse.
package enum LimitAction: String, CaseIterable, Sendable {
    /// What is too long is cut, and the rest sent.
    case truncate
    /// It is counted, and not sent.
    case drop
    /// It is not sent, and kept in state.
    case deadLetter = "dead_letter"
}

/// An event that an encoder cut or left out, because its destination would refuse it as it is.
package struct LimitedEvent: Equatable, Sendable {
    /// Its index in the batch.
    package var event: Int32
    /// Which of the output's limits: an index in `Output.limits`.
    package var limit: Int
    package var action: LimitAction
    /// For a person; only of dead letters.
    package var reason: String
}
