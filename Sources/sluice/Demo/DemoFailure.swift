// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why the demo did not come to its end, in words.
struct DemoFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// With what the system said, in `errno`.
    init(_ what: String, code: Int32) {
        description = "\(what): \(unsafe String(cString: strerror(code)))"
    }
}
