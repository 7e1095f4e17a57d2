// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How many processors there are for this process.
enum ProcessorCount {
    static var available: Int {
        var set = cpu_set_t()
        let size = MemoryLayout<cpu_set_t>.size
        guard unsafe sched_getaffinity(0, size, &set) == 0 else {
            return max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        }
        let count = unsafe withUnsafeBytes(of: &set) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
        return max(1, count)
    }
}
