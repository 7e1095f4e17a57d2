// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

enum Fork {
    /// `fork(2)`, which Swift would rather that nobody called: the C library's own knows what we registered with it.
    static func call() -> pid_t {
        typealias Function = @convention(c) () -> pid_t
        guard let symbol = unsafe dlsym(nil, "fork") else { return -1 }
        return unsafe unsafeBitCast(symbol, to: Function.self)()
    }
}
