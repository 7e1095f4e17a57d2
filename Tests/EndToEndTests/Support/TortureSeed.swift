// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The seed of tests that choose at random.
enum TortureSeed {
    /// `TORTURE_SEED`, or a seed that nobody chose.
    static func chosen() -> UInt64 {
        let variable = unsafe getenv("TORTURE_SEED").flatMap { unsafe UInt64(String(cString: $0)) }
        return variable ?? UInt64.random(in: 1...999_999_999)
    }
}
