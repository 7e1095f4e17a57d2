// SPDX-License-Identifier: Apache-2.0

import CMalloc

/// How the C library's allocator is set for the agent.
enum MemoryOptions {
    /// Bodies of a megabyte come and go all the time. By default each would be mapped from and given back to the
    /// kernel, and every thread would keep a heap of its own.
    static func set() {
        mallopt(M_ARENA_MAX, 2)
        mallopt(M_MMAP_THRESHOLD, 64 << 20)
        mallopt(M_TRIM_THRESHOLD, 32 << 20)
    }
}
