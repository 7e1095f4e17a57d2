// SPDX-License-Identifier: Apache-2.0

/// A reply, and how it is given.
struct HTTPAnswer: Sendable {
    var reply: HTTPReply
    /// Header fields beside the API's.
    var fields: [(name: String, value: String)] = []
    /// The connection is closed behind it.
    var isLast = false
    /// The connection ends in the middle of it.
    var isHalf = false
}

/// Ends a connection on which a fault was asked for.
struct FaultInTheMiddle: Error {}
