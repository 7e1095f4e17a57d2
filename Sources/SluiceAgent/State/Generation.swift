// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// One life of a file's content, as state knows it: from when it was first met until it is truncated or replaced.
package struct Generation: Equatable, Sendable {
    /// Row in the state's database.
    package var row: Int64
    /// 96 random bits in 16 base64url digits: the first part of its events' ids.
    package var identifier: String
    /// The path under which it was first met: what its events say.
    package var path: String
    package var device: UInt64
    package var inode: UInt64
    package var head: FileFingerprint
    /// The last bytes before the furthest offset that was handed on.
    package var anchor: FileFingerprint?
    /// Progress by output.
    package var progress: [String: ByteRanges] = [:]
    /// Ranges that had been handed on and not been said yes to by every output, and the time given to their lines.
    package var underWay: [UnderWay] = []
    /// Where events were ended before their rule said so, as far as they may have to be made again.
    package var forced: [Range<Int64>] = []
    package var marks = FileMarks()

    package struct UnderWay: Equatable, Sendable {
        package var range: Range<Int64>
        package var time: Int64
        package var timeOffset: Int64

        package init(range: Range<Int64>, time: Int64, timeOffset: Int64) {
            self.range = range
            self.time = time
            self.timeOffset = timeOffset
        }

        /// The same by offsets that are lower by this.
        func before(_ offset: Int64) -> UnderWay {
            UnderWay(
                range: (range.lowerBound - offset)..<(range.upperBound - offset),
                time: time,
                timeOffset: timeOffset - offset
            )
        }
    }

    package init(
        row: Int64,
        identifier: String,
        path: String,
        device: UInt64,
        inode: UInt64,
        head: FileFingerprint
    ) {
        self.row = row
        self.identifier = identifier
        self.path = path
        self.device = device
        self.inode = inode
        self.head = head
    }

    /// A new random identifier.
    package static func randomIdentifier(using generator: inout some RandomNumberGenerator) -> String {
        String(
            decoding: (0..<16).map { _ in Base64URL.digit(UInt8.random(in: 0..<64, using: &generator)) },
            as: UTF8.self
        )
    }

    /// What its path begins with where it is a queue's, which is in no file: there, its place is that of the queue's bytes.
    static let queuePrefix = "queue/"

    /// Whether it is of a queue on the disk, and not of a file.
    package var isOfQueue: Bool { inode == 0 && device == 0 && path.hasPrefix(Self.queuePrefix) }

    /// Where reading goes on: the lowest byte that one of these outputs has not said yes to.
    ///
    /// An output that has no progress here was added later: it gets what comes from now on.
    package func resumeOffset(outputs: [String]) -> Int64 {
        let known = outputs.compactMap { progress[$0]?.contiguous }
        return known.min() ?? progress.values.map(\.contiguous).min() ?? 0
    }
}
