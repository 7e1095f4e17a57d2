// SPDX-License-Identifier: Apache-2.0

/// Where a line was first written.
struct WrittenLine: Sendable {
    /// When its end was written, on the monotonic clock, in nanoseconds.
    var time: Int64
    /// Number of the content.
    var content: Int32
    /// Bytes before it in the file; -1 where several processes wrote at once.
    var offset: Int64
}
