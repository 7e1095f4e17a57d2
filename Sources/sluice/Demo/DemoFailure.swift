// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why the demo did not come to its end, in words.
struct DemoFailure: Error, CustomStringConvertible {
    let description: String
    /// The one whose log says more.
    var process: DemoProcess?

    init(_ description: String, process: DemoProcess? = nil) {
        self.description = description
        self.process = process
    }

    /// With what the system said, in `errno`.
    init(_ what: String, code: Int32) {
        description = "\(what): \(unsafe String(cString: strerror(code)))"
    }
}
