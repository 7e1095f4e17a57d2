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
            if try file.follow(other) {
                logger.debug("goes on with an event", metadata: ["path": "\(file.path)", "of": "\(other.path)"])
            }
        } catch {
            // The next turn says what is wrong.
            logger.debug("cannot go on with an event", metadata: ["path": "\(file.path)", "reason": "\(error)"])
        }
        return false
    }

    /// Notes whether another file has taken the name of this one and has something, and whether one waits for the end of
    /// this one. In this order: a successor that has something is seen to wait.
    func noteAwaited(_ file: TailedFile) {
        file.isSucceeded = false
        file.isAwaited = false
        guard file.hasOpenEvent else { return }
        let successor = successor(of: file)
        file.isSucceeded = successor != nil
        let base = base(of: file)
        file.isAwaited =
            hasMoved(file, from: base)
            && (openFamilies[base].contains { isWaiting($0, for: file) } || isToBeOpened(base, FileStatus(path: base))
                || successor.map { isToBeOpened($0.path, $0.status) } ?? false)
    }

    /// What stands under the file's name now, if it is another file and has been written to: whoever wrote this one has
    /// moved on.
    private func successor(of file: TailedFile) -> (path: String, status: FileStatus)? {
        guard let path = file.successor, let status = FileStatus(path: path), status.identity != file.identity,
            status.size > 0
        else { return nil }
        return (path, status)
    }

    private func isWaiting(_ next: TailedFile, for file: TailedFile) -> Bool {
        next !== file && next.canFollow && !next.isFailing && !next.isAtLimit && next.sizeNow > 0
            && predecessor(of: next) === file
    }

    /// Whether what stands under a path will be read, and has not been looked at yet.
    private func isToBeOpened(_ path: String, _ status: FileStatus?) -> Bool {
        guard let status, status.isRegular, status.size > 0 else { return false }
        return files[status.identity] == nil && closed[status.identity] == nil && complaints[path] == nil
            && status.identity != ownLog && isWatching && !isTooOld(status) && finder.isWanted(path)
    }

    /// The open file that stood under the same path before this one, the last of them.
    private func predecessor(of file: TailedFile) -> TailedFile? {
        let base = base(of: file)
        let isCurrent = !hasMoved(file, from: base)
        return openFamilies[base]
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
        // In the middle of a rotation nothing stands there.
        return FileCopy.bases(ofName: path).first { occupants[$0] != nil || !index.rows(path: $0).isEmpty } ?? path
    }

    /// What began in another file is ended before this one is let go: the other has been let go too.
    func endEventsOfPredecessor(_ file: TailedFile) {
        guard file.framing?.hasEventOfPredecessor == true, let events = file.endFraming() else { return }
        unended.append(events)
    }
}
