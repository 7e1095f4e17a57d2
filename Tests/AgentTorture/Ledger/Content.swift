// SPDX-License-Identifier: Apache-2.0

/// What a file held between two truncations: bytes that were only ever appended to.
struct Content: Sendable {
    enum End: Sendable {
        case deleted, truncated
    }

    var inode: UInt64
    /// On the monotonic clock, in nanoseconds.
    var made: Int64
    var destroyed: Int64?
    var end: End?
    /// The copies that were made of it, each with all that had been written by then.
    var copies: [Int] = []
    /// What happened to it.
    var history: [Event] = []

    struct Event: Sendable {
        var time: Int64
        var text: String
    }
}
