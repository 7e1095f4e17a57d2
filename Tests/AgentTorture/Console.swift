// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What a person reads, also through a pipe and at once.
enum Console {
    static func say(_ text: String) {
        print(text)
        fflush(nil)
    }
}
