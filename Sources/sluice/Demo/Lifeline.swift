// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A pipe whose one end is the standard input of the demo's processes, and whose other end the demo alone holds.
///
/// However the demo ends, by kill -9 too, the system closes its end then, and `ParentWatch` in each process notices.
final class Lifeline: Sendable {
    let readEnd: Int32
    private let writeEnd: Int32

    init() throws(DemoFailure) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw DemoFailure("cannot make a pipe", code: errno) }
        readEnd = ends[0]
        writeEnd = ends[1]
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }
}
