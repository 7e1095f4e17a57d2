// SPDX-License-Identifier: Apache-2.0

/// What of a query the database can narrow down by its indexes. It may leave too much, never too little: each
/// document is still looked at.
package struct SearchPlan: Equatable {
    /// Of `@timestamp`, in nanoseconds, both ends included.
    package var earliest: Int64?
    package var latest: Int64?
    package var ids: [String]?

    package init(_ query: SearchQuery) { narrow(query) }

    package var hasTimes: Bool { earliest != nil || latest != nil }

    private mutating func narrow(_ query: SearchQuery) {
        switch query {
        case .range(let path, let bounds) where path.isTimestamp:
            // Bounds that are not times cannot be compared with the column.
            if let lower = bounds.lower, let time = lower.time { earliest = max(earliest ?? time, time) }
            if let upper = bounds.upper, let time = upper.time { latest = min(latest ?? time, time) }
        case .ids(let wanted): ids = ids.map { known in known.filter { wanted.contains($0) } } ?? wanted
        case .boolean(let query): for clause in query.must { narrow(clause) }
        default: break
        }
    }
}
