// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Random numbers that a seed repeats (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// `TORTURE_SEED`, or a seed that nobody chose.
    static func chosenSeed() -> UInt64 {
        let variable = unsafe getenv("TORTURE_SEED").flatMap { unsafe UInt64(String(cString: $0)) }
        return variable ?? UInt64.random(in: 1...999_999_999)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
