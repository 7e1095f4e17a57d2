// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The keys of a line that metadata cannot take, because the layout writes them itself.
///
/// Metadata under a reserved key is kept under that key with an underscore behind it: `level` becomes `level_`. So
/// that this can never collide with another key, a reserved key that already ends in underscores gets one more:
/// `level_` becomes `level__`. The renaming maps different keys to different keys, so no key appears twice.
struct ReservedKeys: Sendable {
    private(set) var filter: KeyFilter

    init(_ keys: [String]) {
        // A name with underscores of its own behind it is reserved by its beginning.
        filter = KeyFilter(
            keys.map { String($0[..<($0.lastIndex { $0 != "_" }.map($0.index(after:)) ?? $0.startIndex)]) }
        )
    }

    mutating func insert(_ others: ReservedKeys) { filter.insert(others.filter) }

    /// Whether a key could be one of these, judged by what costs nothing.
    @inline(__always)
    func mayContain(hash: UInt16, last: UInt8) -> Bool { filter.mayContain(hash: hash) || last == UInt8(ascii: "_") }

    /// Whether a key is one of the reserved ones, with any number of underscores behind it.
    func contains(_ key: ByteView) -> Bool {
        var count = key.count
        while count > 0, key[count - 1] == UInt8(ascii: "_") { count -= 1 }
        return count > 0 && filter.contains(key[0..<count])
    }
}
