// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why an input cannot begin.
package enum InputError: Error, CustomStringConvertible {
    case listen(input: String, address: String, reason: String)
    case database(input: String, reason: String)

    package var description: String {
        switch self {
        case .listen(let input, let address, let reason):
            "the input '\(input)' cannot listen on \(address): \(reason); choose another address, or end the program that "
                + "has it"
        case .database(let input, let reason): "the queue of the input '\(input)' cannot be read: \(reason)"
        }
    }

    static func listen(input: String, address: String, code: Int32) -> InputError {
        .listen(input: input, address: address, reason: unsafe String(cString: strerror(code)))
    }
}
