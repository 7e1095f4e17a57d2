// SPDX-License-Identifier: Apache-2.0

/// What goes wrong with a request.
package enum Fault: Sendable, Equatable {
    /// An error instead of what would have been answered, whose body is the server's own words for the status.
    case status(Int)
    /// Some events are refused and the others are taken, as each API does that.
    case items(Int)
    /// The request is taken, and its answer held back for so many nanoseconds.
    case delay(Int64)
    /// The connection is reset in the middle of the body; nothing of the request is taken.
    case reset
    /// The request is taken, and the connection ends in the middle of the answer.
    case halfReply
    /// The body is read no faster than this, in bytes a second.
    case slow(Int)
    /// Nothing is taken, and 200 answered with this text, as something does that is not the server.
    case content(String)
}
