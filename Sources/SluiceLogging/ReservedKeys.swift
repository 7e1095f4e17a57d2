// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The keys of a line that metadata cannot take.
///
/// Metadata under a reserved key is kept under that key with an underscore behind it: `level` becomes `level_`. So
/// that this can never collide with another key, a reserved key that already ends in underscores gets one more:
/// `level_` becomes `level__`. The renaming maps different keys to different keys, so no key appears twice.
enum ReservedKeys {
    /// Whether a key is one of the reserved ones, with any number of underscores behind it.
    static func contains(_ key: ByteView) -> Bool {
        guard key.count >= 4 else { return false }
        switch key[0] {
        case UInt8(ascii: "e"): return isStem("exception", of: key)
        case UInt8(ascii: "f"): return isStem("function", of: key)
        case UInt8(ascii: "l"): return isStem("level", of: key) || isStem("line", of: key) || isStem("logger", of: key)
        case UInt8(ascii: "m"): return isStem("message", of: key) || isStem("module", of: key)
        case UInt8(ascii: "t"): return isStem("timestamp", of: key)
        default: return false
        }
    }

    private static func isStem(_ name: StaticString, of key: ByteView) -> Bool {
        let name = ByteView(name)
        guard key.hasPrefix(name) else { return false }
        for index in name.count..<key.count where key[index] != UInt8(ascii: "_") { return false }
        return true
    }
}
