// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@Suite("Syncing")
struct SyncPolicyTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test(
        "When lines are synced",
        arguments: [
            (.never, .immediate, 0), (.everyLine, .immediate, 6), (.level(.error), .immediate, 2),
            (.level(.warning), .immediate, 3),
            // Written as one, synced as one.
            (.everyLine, .buffered(BufferPolicy(interval: .seconds(1000), flushLevel: nil)), 1),
            (.level(.critical), .buffered(BufferPolicy(interval: .seconds(1000), flushLevel: nil)), 1),
        ] as [(SyncPolicy, WritingMode, Int)]
    )
    func policies(_ policy: SyncPolicy, _ mode: WritingMode, _ syncs: Int) throws {
        let file = try RotatingFile(path: directory.path + "/app.log", sync: policy)
        let destination = file.writing(mode)
        destination.flush()
        for level in [.info, .error, .warning, .info, .critical, .debug] as [Logger.Level] {
            destination.write(line: "\(level)\n", level: level)
        }
        destination.flush()
        #expect(file.syncCount == syncs)
    }

    @Test("By time, lines are synced by themselves, and only if there are new ones")
    func interval() throws {
        let file = try RotatingFile(path: directory.path + "/app.log", sync: .interval(.milliseconds(2)))
        file.write(line: "1\n")
        while file.syncCount == 0 { usleep(1000) }
        usleep(20_000)
        #expect(file.syncCount == 1)
        file.write(line: "2\n")
        while file.syncCount == 1 { usleep(1000) }
        #expect(file.droppedLines == 0)
    }
}
