// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The preloaded counter of allocations (`allocation-counter.c`), where there is one.
enum AllocationCounter {
    private typealias Total = @convention(c) () -> UInt64

    private static let function: Total? = {
        guard let this = unsafe dlopen(nil, RTLD_NOW),
            let symbol = unsafe dlsym(this, "allocation_counter_total")
        else { return nil }
        return unsafe unsafeBitCast(symbol, to: Total.self)
    }()

    /// Calls of the allocator since the process began.
    static func total() -> UInt64? { function?() }
}
