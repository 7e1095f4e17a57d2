// SPDX-License-Identifier: Apache-2.0

/// Copies of files that are read, and since when each has been as large as it is: copytruncate truncates soon after.
struct WaitingCopies {
    /// Nanoseconds after which a copy was made for something else.
    private static let patience: Int64 = 30_000_000_000

    private var sizes: [FileStatus.Identity: (size: Int64, since: Int64)] = [:]

    /// Notes that a copy was seen.
    ///
    /// - Returns: whether it is new, and whether it is still waited for.
    mutating func see(_ copy: FileStatus, monotonic: Int64) -> (isNew: Bool, waits: Bool) {
        let known = sizes[copy.identity]
        if let known, known.size == copy.size { return (false, monotonic - known.since < Self.patience) }
        sizes[copy.identity] = (copy.size, monotonic)
        return (known == nil, true)
    }

    /// Whether some of them have been there so short a time that something has to happen soon.
    func areWatched(monotonic: Int64) -> Bool {
        sizes.values.contains { monotonic - $0.since < 6 * Self.patience }
    }

    /// Whether a file was seen to be a copy, and is there still.
    func contains(_ copy: FileStatus.Identity) -> Bool { sizes[copy] != nil }

    /// Forgets those that are not there any more.
    mutating func keep(_ present: [FileStatus.Identity: String]) {
        if !sizes.isEmpty { sizes = sizes.filter { present[$0.key] != nil } }
    }
}
