// SPDX-License-Identifier: Apache-2.0

/// The order of hits: by the sort keys, then by arrival.
struct HitOrder {
    let keys: [SearchRequest.SortKey]

    func precedes(_ left: SearchExecutor.Hit, _ right: SearchExecutor.Hit) -> Bool {
        let order = compare(left.sort, right.sort)
        return order == 0 ? left.id < right.id : order < 0
    }

    /// By the sort keys; negative if `left` comes first.
    func compare(_ left: [SortValue], _ right: [SortValue]) -> Int {
        for (index, key) in keys.enumerated() where index < left.count && index < right.count {
            let (one, other) = (left[index], right[index])
            if one == .missing || other == .missing {
                if one == other { continue }
                return (one == .missing) == key.missingIsFirst ? -1 : 1
            }
            let order = one.compare(other)
            if order != 0 { return key.isDescending ? -order : order }
        }
        return 0
    }
}
