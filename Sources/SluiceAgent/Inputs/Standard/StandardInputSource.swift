// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceBytes
import SluiceEvents

/// Reads lines from the standard input, to its end. The last line need not have a line end.
final class StandardInputSource: QueueSource {
    private let descriptor: Int32
    private let maximumBytes: Int
    private let stopping = WakeUp()

    init(descriptor: Int32 = 0, maximumBytes: Int) {
        self.descriptor = descriptor
        self.maximumBytes = maximumBytes
    }

    func stop() { stopping.wake() }

    func run(into queue: DurableQueue) {
        var framer = MessageFramer(.delimiter, maximumBytes: maximumBytes)
        let piece = ByteArena(capacity: 64 << 10)
        while !stopping.isAwake {
            // While there is no room, what writes to the pipe waits.
            guard queue.waitForRoom(nanoseconds: 100_000_000) else { continue }
            stopping.wait(nanoseconds: 60_000_000_000, or: descriptor)
            if stopping.isAwake { break }
            var got = 0
            piece.removeAll()
            unsafe piece.append(room: 64 << 10) { room in
                got = unsafe read(descriptor, room.baseAddress, room.count)
                return max(0, got)
            }
            if got < 0, errno == EINTR || errno == EAGAIN { continue }
            if got <= 0 { break }
            framer.append(piece.view) { queue.put($0, isTruncated: $1, isForced: true) }
        }
        framer.finish { queue.put($0, isTruncated: $1, isForced: true) }
    }
}
