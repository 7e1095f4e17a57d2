// SPDX-License-Identifier: Apache-2.0

/// Why a secret is not to be had, and what to do; never with what is secret.
package struct SecretFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
