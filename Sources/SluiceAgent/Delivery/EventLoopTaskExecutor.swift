// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Runs the tasks that send requests on the event loop of their connections: what one of them waits for happens there, and
/// no other thread has to be woken, and to fetch everything anew, for each of a request's steps.
final class EventLoopTaskExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
