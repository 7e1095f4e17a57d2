// SPDX-License-Identifier: Apache-2.0

/// How many dead letters of one output there are.
package struct DeadLetterTotals: Sendable, Equatable {
    /// Those that are kept now, and their bytes.
    package var letters: Int64 = 0
    package var bytes: Int64 = 0
    /// Those that there was no room for, ever.
    package var dropped: Int64 = 0

    package init() {}
}
