// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import Synchronization

/// Keeps request bodies, decompressed: for each its length in eight bytes, the lowest first, and then the body.
final class BodyRecorder: Sendable {
    private let file: RawFile
    private let lock = Mutex(())

    init(path: String) throws(ToolError) { file = try RawFile(writing: path) }

    func add(_ body: ByteView) {
        let length = ByteArena(capacity: 64)
        length.reserve(8)
        length.appendReserved(word: UInt64(body.count), used: 8)
        lock.withLock { _ in
            do throws(ToolError) {
                try file.write(length.view)
                try file.write(body)
            } catch {
                StandardError.say("sluice-bench: \(error.message)")
            }
        }
    }
}
