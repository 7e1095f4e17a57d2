// SPDX-License-Identifier: Apache-2.0

/// Guesses what a misspelt name was meant to be.
enum NearestName {
    /// `did you mean 'maxBytes'?` if a name is near, `it is one of …` otherwise.
    static func hint(for name: String, among names: [String]) -> String {
        guard !names.isEmpty else { return "there are none" }
        let spelt = Array(name.lowercased().utf8.filter { $0 != UInt8(ascii: "_") })
        var best: (name: String, distance: Int)?
        for candidate in names {
            let distance = distance(spelt, Array(candidate.lowercased().utf8.filter { $0 != UInt8(ascii: "_") }))
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        if let best, best.distance <= max(1, spelt.count / 3) { return "did you mean '\(best.name)'?" }
        return "it is one of \(names.map { "'\($0)'" }.joined(separator: ", "))"
    }

    /// How many bytes must be changed, added, removed, or swapped with their neighbour.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let change = last[column] + (left[row] == right[column] ? 0 : 1)
                var least = min(change, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    least = min(least, beforeLast[column - 1] + 1)
                }
                current.append(least)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
