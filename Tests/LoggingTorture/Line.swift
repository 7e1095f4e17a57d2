// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

/// The lines of the test: line `number` of a thread of a run is always the same.
enum Line {
    /// Steele, Lea and Flood's SplitMix64, of one number.
    static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private static func mixed(_ run: Int, _ thread: Int, _ number: Int) -> UInt64 {
        mixed(UInt64(truncatingIfNeeded: (run << 8 | thread) << 40 | number))
    }

    static func level(_ run: Int, _ thread: Int, _ number: Int) -> Logger.Level {
        let mixed = mixed(run, thread, number)
        if mixed & 0x3FF == 0 { return .error }
        return mixed & 0x3F == 0 ? .warning : .info
    }

    static func write(_ run: Int, _ thread: Int, _ number: Int, to arena: ByteArena) {
        arena.append("{\"run\":")
        arena.append(decimal: run)
        arena.append(",\"thread\":")
        arena.append(decimal: thread)
        arena.append(",\"n\":")
        arena.append(decimal: number)
        arena.append(",\"message\":\"prediction served\",\"pad\":\"")
        for _ in 0..<(40 + Int(mixed(run, thread, number) >> 10 & 0x3F)) { arena.append(UInt8(ascii: "x")) }
        arena.append("\"}\n")
    }
}
