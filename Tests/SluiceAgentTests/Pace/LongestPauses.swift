// SPDX-License-Identifier: Apache-2.0

/// Draws the upper end of every range, so that pauses are as long as they can be.
struct LongestPauses: RandomNumberGenerator {
    func next() -> UInt64 { .max }
}
