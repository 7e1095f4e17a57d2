// SPDX-License-Identifier: Apache-2.0

/// By what content is found again.
extension StateStore {
    /// Notes by what a generation's content is found again; unless it is urgent, it is written with what is anyway.
    package func note(_ row: Int64, _ marks: FileMarks, isUrgent: Bool = false) {
        lock.withLock {
            generations[row]?.marks = marks
            changes.marks.insert(row)
            if isUrgent { changes.generations.insert(row) }
            if isUrgent, threadWaitsFor == .change { lock.wakeAll() }
        }
    }

    /// No more is left of a generation's content than so many bytes.
    package func trimAnchors(_ row: Int64, to size: Int64) {
        lock.withLock {
            guard var generation = generations[row] else { return }
            generation.marks.anchors.removeAll { $0.end > size }
            if generation.anchor?.end ?? 0 > size { generation.anchor = generation.marks.anchors.last }
            generations[row] = generation
            changes.marks.insert(row)
            changes.generations.insert(row)
        }
    }
}
