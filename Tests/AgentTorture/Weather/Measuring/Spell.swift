// SPDX-License-Identifier: Apache-2.0

/// A front, and when it was there, on the monotonic clock, in nanoseconds.
struct Spell: Sendable {
    var front: Front
    var start: Int64
    var end: Int64
}
