// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// How many processors there are for this process, limits of containers included.
enum ProcessorCount {
    static var available: Int { max(1, System.coreCount) }
}
