// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Changes what the state of a pipeline whose agent does not run says of files. Holds the folder's lock as long as it
/// lives. Queues on the disk are left as they are: what is in them is nowhere else.
package final class StateEditor {
    private let directory: StateDirectory?
    private let database: StateDatabase?
    package private(set) var generations: [Int64: Generation]
    private var changes = StateChanges()
    /// No generation, also of those that are no file's, has a higher one.
    private var lastRow: Int64 = 0

    /// - Parameters:
    ///   - path: the pipeline's folder; it is made if it is not there.
    /// - Throws: ``StateError/locked(path:)`` if an agent runs.
    package init(directory path: String) throws(StateError) {
        directory = try StateDirectory(path)
        database = try StateDatabase(path: path + "/state.db")
        do {
            let all = try database?.load() ?? [:]
            generations = all.filter { !$0.value.isOfQueue }
            lastRow = all.keys.max() ?? 0
        } catch {
            throw .database(error)
        }
    }

    /// Of a state that stays as it is, or is not there yet: nothing is written, whatever is changed.
    package init(trying path: String) throws(StateError) {
        directory = nil
        database = nil
        generations = [:]
        guard unsafe access(path + "/state.db", F_OK) == 0 else { return }
        if StatePipelines.isHeld(path) { throw .locked(path: path) }
        for generation in try StateReader(directory: path).generations { generations[generation.row] = generation }
        lastRow = generations.keys.max() ?? 0
    }

    /// In the order in which they were met.
    package var sorted: [Generation] { generations.values.sorted { $0.row < $1.row } }

    /// Forgets a generation.
    package func forget(_ row: Int64) {
        guard generations.removeValue(forKey: row) != nil else { return }
        changes.generations.remove(row)
        changes.progress[row] = nil
        changes.begun.removeAll { $0.row == row }
        changes.removed.append(row)
    }

    /// Adds a generation under a row of its own; one with the same identifier makes room.
    ///
    /// - Returns: false if it is a queue's, and not taken.
    @discardableResult
    package func insert(_ generation: Generation) -> Bool {
        if generation.isOfQueue { return false }
        for (row, other) in generations where other.identifier == generation.identifier { forget(row) }
        var new = generation
        lastRow += 1
        new.row = lastRow
        generations[new.row] = new
        note(new)
        changes.begun += new.underWay.map { (new.row, $0) }
        return true
    }

    /// Lets every output go on at an offset.
    ///
    /// - Parameters:
    ///   - head: of the file as it is now, and likewise the bytes before the offset.
    package func set(_ row: Int64, offset: Int64, head: FileFingerprint, anchor: FileFingerprint?, outputs: [String]) {
        guard var generation = generations[row] else { return }
        changes.ended += generation.underWay.map { (row, $0.range.lowerBound) }
        generation.underWay = []
        generation.head = head
        generation.anchor = anchor
        for output in Set(generation.progress.keys).union(outputs) {
            generation.progress[output] = ByteRanges(contiguous: offset)
        }
        generations[row] = generation
        note(generation)
    }

    private func note(_ generation: Generation) {
        changes.generations.insert(generation.row)
        changes.progress[generation.row] = Set(generation.progress.keys)
    }

    /// Writes everything in one transaction.
    package func commit() throws {
        guard let database, !changes.isEmpty else { return }
        try database.commit(changes, generations: generations, now: SystemClock.now())
        changes = StateChanges()
        database.close()
    }
}

extension StateEditor {
    /// The newest generation that goes on in the file under a path, as it is now.
    package func generation(at path: String) -> Generation? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard let status = FileStatus(descriptor: descriptor) else { return nil }
        return sorted.last { generation in
            generation.device == status.device && generation.inode == status.inode
                && generation.head.matches(descriptor)
        }
    }
}

extension Generation {
    /// Whether a shell pattern matches its path or its file's name, or is its identifier.
    package func matches(_ pattern: String) -> Bool {
        identifier == pattern || FilePattern.isExcluded(path, [pattern])
    }

    /// Its file's size, if the file it was met in is still under its path.
    package var sizeUnderItsPath: Int64? {
        guard let status = FileStatus(path: path), status.device == device, status.inode == inode else { return nil }
        return status.size
    }
}
