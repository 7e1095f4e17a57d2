// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the command line prints.
enum Terminal {
    /// One line on standard error: what is wrong, and what to do.
    static func complain(_ text: String) { write("sluice: \(text)\n", to: 2) }

    static func print(_ text: String) { write(text + "\n", to: 1) }

    /// - Returns: whether all of it was taken.
    @discardableResult
    static func write(_ text: String, to descriptor: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }

    /// Whether standard output is looked at by a person.
    static var isInteractive: Bool { isatty(1) == 1 }
}
