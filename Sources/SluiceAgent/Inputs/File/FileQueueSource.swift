// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Fills a queue with what is read of files (`queue: disk`).
final class FileQueueSource: QueueSource {
    private let input: FileInput
    private let sink: QueueSink
    private let isStopped = Atomic(false)

    init(_ input: FileInput, sink: QueueSink) {
        self.input = input
        self.sink = sink
    }

    func run(into queue: DurableQueue) {
        sink.connect(queue)
        input.run()
        // A run with an end waits for room, too; who is stopped reads the rest the next time.
        sink.finish { !isStopped.load(ordering: .acquiring) }
    }

    func stop() {
        isStopped.store(true, ordering: .releasing)
        input.stop()
    }

    func fileReports(nanoseconds: Int64) async -> [FileReport]? { await input.fileReports(nanoseconds: nanoseconds) }
}
