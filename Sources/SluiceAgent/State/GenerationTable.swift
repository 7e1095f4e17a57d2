// SPDX-License-Identifier: Apache-2.0

/// The generations that state knows, by their rows.
///
/// Each lies apart. A dictionary has room for up to twice as many as there are, and for three times when it grows: with a
/// hundred thousand files, and all of a generation in that room, it would be most of what the agent needs.
struct GenerationTable {
    private final class Entry {
        var generation: Generation

        init(_ generation: Generation) { self.generation = generation }
    }

    private var entries: [Int64: Entry] = [:]

    init(_ generations: [Int64: Generation]) {
        entries.reserveCapacity(generations.count)
        for (row, generation) in generations { entries[row] = Entry(generation) }
    }

    subscript(row: Int64) -> Generation? {
        get { entries[row]?.generation }
        set {
            guard let newValue else {
                entries[row] = nil
                return
            }
            if let entry = entries[row] { entry.generation = newValue } else { entries[row] = Entry(newValue) }
        }
    }

    /// In no order.
    var all: [Generation] { entries.values.map(\.generation) }

    var lastRow: Int64? { entries.keys.max() }
}
