// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A list of C strings that ends in a null, as `exec` takes it.
@unsafe
final class CStrings {
    var pointers: [UnsafeMutablePointer<CChar>?]

    init(_ texts: [String]) {
        unsafe pointers = texts.map { unsafe strdup($0) } + [nil]
    }

    deinit {
        unsafe pointers.forEach { unsafe free($0) }
    }
}
