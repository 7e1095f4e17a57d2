// SPDX-License-Identifier: Apache-2.0

/// What the writer remembers of a stream, as Loki's ingester does.
package final class StreamState {
    /// A stream that got nothing for this long is forgotten, as Loki flushes it (`chunk_idle_period`): then it has no
    /// newest entry that others could be too far behind, and no open head block.
    package static let idleMicroseconds: Int64 = 30 * 60 * 1_000_000
    /// The size of text at which the head block is cut (`chunk_block_size`).
    package static let blockBytes = 262_144

    package struct EntryKey: Hashable {
        package var nanoseconds: Int64
        package var hash: UInt64
    }

    package let id: Int64
    /// Microseconds since 1970.
    package var lastAppend: Int64
    /// The highest timestamp, in nanoseconds.
    package var newest: Int64?
    private var last: EntryKey?
    private var head: Set<EntryKey> = []
    private var headBytes = 0

    package init(id: Int64, lastAppend: Int64) {
        self.id = id
        self.lastAppend = lastAppend
    }

    package func becomeIdle() {
        newest = nil
        last = nil
        head = []
        headBytes = 0
    }

    /// Whether the stream's last line or its open head block has the entry.
    package func holds(_ key: EntryKey) -> Bool { last == key || head.contains(key) }

    /// Adds an entry to the head block, which is cut first if it is full.
    package func append(_ key: EntryKey, bytes: Int) {
        if headBytes >= Self.blockBytes {
            head.removeAll(keepingCapacity: true)
            headBytes = 0
        }
        head.insert(key)
        headBytes += bytes
        last = key
    }
}
