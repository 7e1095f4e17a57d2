// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceSQLite

/// The thread that writes: it takes all jobs that wait and commits them in one transaction, so that many small
/// requests cost one commit.
final class Writer: Sendable {
    private let queue = BlockingQueue<any WriteJob>()
    private let thread: BackgroundThread

    init(session: WriteSession, retention: Retention, logger: Logger) throws {
        let queue = queue
        thread = try BackgroundThread {
            while let jobs = queue.takeAll(waiting: 1) {
                if !jobs.isEmpty {
                    let result = Result { try session.commit(jobs) }
                    if case .failure(let error) = result {
                        logger.error("nothing of \(jobs.count) requests was written: \(error)")
                    }
                    for job in jobs { job.finish(result) }
                }
                do {
                    // One small step at a time, and only while nobody waits.
                    while queue.isEmpty, try retention.step(session) {}
                } catch {
                    logger.error("retention failed, and is tried again later: \(error)")
                }
            }
            try? session.database.checkpoint(isTruncating: true)
        }
    }

    /// Writes the job, and calls its `finish`.
    func submit(_ job: any WriteJob) {
        if !queue.push(job) { job.finish(.failure(ReceiverError.stopping)) }
    }

    /// Writes what waits, and ends the thread.
    func stop() {
        queue.close()
        thread.join()
    }
}
