// SPDX-License-Identifier: Apache-2.0

/// Which dead letters are meant: those that fulfil all that is said.
package struct DeadLetterFilter: Sendable, Equatable {
    package var numbers: Set<Int64>?
    package var output: String?
    package var status: Int?
    /// Refused before this: nanoseconds since 1970.
    package var before: Int64?

    package init() {}

    func includes(_ kept: KeptDeadLetter) -> Bool {
        (numbers?.contains(kept.number) ?? true) && (output.map { $0 == kept.letter.output } ?? true)
            && (status.map { $0 == kept.letter.status } ?? true) && (before.map { kept.moment < $0 } ?? true)
    }
}
