// SPDX-License-Identifier: Apache-2.0

/// Whether each line that was written is at a backend exactly once: all lines are fetched and their numbers compared.
struct SequenceAudit {
    private static let pageSize = 5000

    /// Lines that the backend has.
    private(set) var arrived = 0
    /// Numbers that it has not.
    private(set) var missing = 0
    /// Lines beyond the first of their number.
    private(set) var twice = 0
    /// Lines that the service does not say it wrote.
    private(set) var unknown = 0

    /// - Parameters:
    ///   - written: the service numbered its lines from 0 to below this.
    ///   - start: nanoseconds since 1970; no line is older.
    init(_ backend: any DemoBackend, written: Int, start: Int64) async throws {
        var seen = [Bool](repeating: false, count: written)
        var from = start
        /// Lines of the very nanosecond `from` that have been counted already, and come again on the next page.
        var counted = 0
        while true {
            let page = try await backend.page(from: from, limit: Self.pageSize)
            for line in page.dropFirst(counted) {
                arrived += 1
                guard let sequence = line.sequence, seen.indices.contains(sequence) else {
                    unknown += 1
                    continue
                }
                if seen[sequence] { twice += 1 }
                seen[sequence] = true
            }
            guard page.count == Self.pageSize, let last = page.last else { break }
            guard last.time > from || counted == 0 else {
                throw DemoFailure("\(backend.name) has more than \(Self.pageSize) lines in one nanosecond")
            }
            from = last.time
            counted = page.reversed().prefix { $0.time == last.time }.count
        }
        missing = seen.count { !$0 }
    }

    var isPerfect: Bool { missing == 0 && twice == 0 && unknown == 0 }
}
