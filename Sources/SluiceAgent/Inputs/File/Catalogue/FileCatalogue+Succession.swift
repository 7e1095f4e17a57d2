// SPDX-License-Identifier: Apache-2.0

import Logging

/// How an event goes on in the next file where rotation came in the middle of it.
extension FileCatalogue {
    /// Whether a file that would be read from its beginning has to wait until the one before it is read to its end, whose
    /// open event it goes on with.
    ///
    /// - Parameter wake: is told which file that is.
    func mustWait(_ file: TailedFile, wake: (TailedFile) -> Void) -> Bool {
        guard file.canFollow, file.sizeNow > 0, let other = predecessor(of: file), !other.isFailing, !other.isClosed,
            !other.isAtLimit
        else { return false }
        guard other.isAtEnd, other.limit != .max || other.content.isCompressed || other.sizeNow == other.lastSize else {
            wake(other)
            return true
        }
        do {
            try file.follow(other)
        } catch {
            // The next turn says what is wrong.
            logger.debug("cannot go on with an event", metadata: ["path": "\(file.path)", "reason": "\(error)"])
        }
        return false
    }

    /// Notes whether another file waits for the end of this one.
    func noteAwaited(_ file: TailedFile) {
        guard file.hasOpenEvent else {
            file.isAwaited = false
            return
        }
        let base = base(of: file)
        file.isAwaited =
            hasMoved(file, from: base)
            && (openFiles(ofBase: base).contains { isWaiting($0, for: file) } || isToBeOpened(base))
    }

    private func isWaiting(_ next: TailedFile, for file: TailedFile) -> Bool {
        next !== file && next.canFollow && !next.isFailing && !next.isAtLimit && next.sizeNow > 0
            && predecessor(of: next) === file
    }

    /// Whether something stands under a path that will be read, and has not been looked at yet.
    private func isToBeOpened(_ path: String) -> Bool {
        guard let status = FileStatus(path: path), status.isRegular, status.size > 0 else { return false }
        return files[status.identity] == nil && closed[status.identity] == nil && complaints[path] == nil
            && status.identity != ownLog && isWatching && !isTooOld(status) && finder.isWanted(path)
    }

    /// The open file that stood under the same path before this one, the last of them.
    private func predecessor(of file: TailedFile) -> TailedFile? {
        let base = base(of: file)
        let isCurrent = !hasMoved(file, from: base)
        return openFiles(ofBase: base)
            .filter { other in
                // One that was rotated with nothing in it comes between no two lines.
                other !== file && hasMoved(other, from: base) && (isCurrent || Self.isBefore(other, file))
                    && !(other.canFollow && other.sizeNow == 0)
            }
            .max { Self.isBefore($0, $1) }
    }

    /// In the order in which they were written. One that was empty had been made only then, when another was written to
    /// last.
    private static func isBefore(_ left: TailedFile, _ right: TailedFile) -> Bool {
        (left.modified, left.wasEmpty ? 1 : 0, left.generation.row)
            < (right.modified, right.wasEmpty ? 1 : 0, right.generation.row)
    }

    private func hasMoved(_ file: TailedFile, from base: String) -> Bool {
        file.path != base || file.successor != nil
    }

    /// The path that is written to, and from which rotation moves files: what was met as `app.log.1` was `app.log`.
    private func base(of file: TailedFile) -> String {
        let path = file.generation.path
        return FileCopy.originals(ofName: path).first { occupants[$0] != nil && FileCopy.isRotated(path, from: $0) }
            ?? path
    }

    /// The open files that were met under a path, or under what rotation makes of it.
    private func openFiles(ofBase base: String) -> [TailedFile] {
        let rotated = families.of(base).filter { FileCopy.isRotated($0, from: base) }
        return ([base] + rotated).flatMap { index.rows(path: $0) }.compactMap { row in
            guard openRows.contains(row), let identity = index.entries[row]?.identity, let file = files[identity],
                file.generation.row == row
            else { return nil }
            return file
        }
    }

    /// What began in another file is ended before this one is let go: the other has been let go too.
    func endEventsOfPredecessor(_ file: TailedFile) {
        guard file.framing?.hasEventOfPredecessor == true, let events = file.endFraming() else { return }
        unended.append(events)
    }
}
