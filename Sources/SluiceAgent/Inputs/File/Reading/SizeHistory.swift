// SPDX-License-Identifier: Apache-2.0

/// When a file was seen to have which size: tells since when a byte has been there. Takes a fixed room, and one
/// comparison a look.
struct SizeHistory {
    private static let capacity = 16
    /// Nanoseconds between two notes.
    private static let interval: Int64 = 1_000_000_000

    private var notes: [(size: Int64, moment: Int64)] = []

    /// Notes a size at a moment of the monotonic clock.
    mutating func note(_ size: Int64, at moment: Int64) {
        if let last = notes.last, size <= last.size || moment - last.moment < Self.interval { return }
        // The older they are, the farther apart: which of two notes is the nearer one matters less and less.
        if notes.count >= Self.capacity { notes.remove(at: 1 + Int(moment / Self.interval) % (Self.capacity / 2)) }
        notes.append((size, moment))
    }

    /// A moment at which the byte at this offset was there already; nil if it was never seen.
    func moment(of offset: Int64) -> Int64? { notes.first { $0.size > offset }?.moment }
}
