// SPDX-License-Identifier: Apache-2.0

/// Why the harness itself cannot go on.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
