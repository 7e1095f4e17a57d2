// SPDX-License-Identifier: Apache-2.0

/// How far a file has been read, and what is left of it.
extension TailedFile {
    /// The file's size at this moment.
    var sizeNow: Int64 { content.sizeNow }
    /// Where reading ends that is to have what is there now: a compressed file has nothing else.
    var limitNow: Int64 { content.isCompressed ? .max - 1 : sizeNow }

    /// Whether everything up to `limit` has been read, but for a last line that has no end.
    var isAtLimit: Bool { limit != .max && (position >= limit && !hasOpenEvent || isWaitingAtLimit) }

    /// Where the next piece begins.
    var readEnd: Int64 { framing?.framer.nextOffset ?? max(position, searched) }

    /// Whether an event has begun that may still go on.
    var hasOpenEvent: Bool { framing?.framer.hasOpenEvent ?? false }

    /// Whether nothing is left of what the file has.
    var isHandedOn: Bool {
        let size = sizeNow
        return size <= position
            || (size == endsInNULs?.size && framing?.framer.hasUnfinishedLine == false && !hasOpenEvent)
    }

    /// Whether there is a beginning of a line whose end has not come.
    var hasUnfinishedLine: Bool { framing?.framer.hasUnfinishedLine ?? (lastSize > position) }

    /// Whether what was read is not there any more, as the next turn will find.
    var hasLostItsContent: Bool {
        checksContent && (sizeNow < readEnd || !content.matches(tail ?? generation.head))
    }

    var waitsForLineEnd: Bool { hasUnfinishedLine && isResting && sizeNow == lastSize }

    var lag: Int64 { max(0, lastSize - position) }

    /// Whether no name leads to the file any more.
    var isDeleted: Bool { (status?.links ?? 0) == 0 }

    var status: FileStatus? { content.status }
}
