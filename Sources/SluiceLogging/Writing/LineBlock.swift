// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

/// Lines that wait, one after another, with their levels. It keeps its storage when emptied.
package struct LineBlock {
    /// Storage beyond this, which a few giant lines made necessary, is given back.
    private static let retainedBytes = 16 << 20

    private let bytes = ByteArena(capacity: 4096)
    private var levels: [Logger.Level] = []
    /// What has been dropped at the beginning and still takes room.
    private var firstByte = 0
    private var firstLine = 0

    /// Bytes of the lines that are there.
    package var byteCount: Int { bytes.count - firstByte }
    /// Lines that are there.
    package var lineCount: Int { levels.count - firstLine }
    var isEmpty: Bool { lineCount == 0 }

    @inline(__always)
    mutating func append(_ line: ByteView, _ level: Logger.Level) {
        bytes.append(line)
        levels.append(level)
    }

    mutating func removeFirst() {
        guard !isEmpty else { return }
        let view = bytes.view(firstByte..<bytes.count)
        firstByte += (view.firstIndex(of: UInt8(ascii: "\n")) ?? view.count - 1) + 1
        firstLine += 1
        // Each byte is moved once at most for each byte that was dropped.
        if firstByte > byteCount, firstByte > 64 << 10 { compact() }
    }

    private mutating func compact() {
        let count = byteCount
        let start = firstByte
        bytes.moveToStart(start..<(start + count))
        levels.removeSubrange(..<firstLine)
        firstByte = 0
        firstLine = 0
    }

    mutating func removeAll() {
        if bytes.capacity > Self.retainedBytes { bytes.shrink(to: 4096) } else { bytes.removeAll() }
        levels.removeAll(keepingCapacity: levels.capacity <= 1 << 20)
        firstByte = 0
        firstLine = 0
    }

    package init() {}

    package func write(to destination: any LogDestination) {
        guard !isEmpty else { return }
        let levels = levels.span.extracting(droppingFirst: firstLine)
        bytes.view(firstByte..<bytes.count).withRawSpan { destination.write($0, levels: levels) }
    }
}

extension ByteArena {
    /// Keeps the bytes in `range` alone.
    fileprivate func moveToStart(_ range: Range<Int>) {
        unsafe base.update(from: base + range.lowerBound, count: range.count)
        truncate(to: range.count)
    }
}
