// SPDX-License-Identifier: Apache-2.0

import Testing

/// A row of the verdict table: what a destination does, and what the agent is to make of it.
struct VerdictRow<Fault: Sendable>: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let fault: Fault
    let expected: VerdictExpectation
    let poison: VerdictEvents.Poison
    /// Options of the output, beside those that every row has.
    let options: [String]

    init(
        _ name: String,
        _ fault: Fault,
        _ expected: VerdictExpectation,
        poison: VerdictEvents.Poison = .none,
        options: [String] = []
    ) {
        testDescription = name
        self.fault = fault
        self.expected = expected
        self.poison = poison
        self.options = options
    }
}
