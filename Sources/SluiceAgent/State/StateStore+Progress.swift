// SPDX-License-Identifier: Apache-2.0

/// How far outputs have come.
extension StateStore {
    /// Has outputs that nothing is known of begin at the beginning of every file. Called before anybody else has the state.
    func begin(outputs: Set<String>) {
        let files = generations.all.filter { queues.books[$0.row] == nil }
        for output in outputs where !files.contains(where: { $0.progress[output] != nil }) {
            for file in files {
                generations[file.row]?.progress[output] = ByteRanges(contiguous: 0)
                changes.progress[file.row, default: []].insert(output)
            }
        }
    }

    /// What is read again though every output has it is done at once; after a crash it can be noted as under way all the
    /// same, and nobody would end it any more. Called before anybody else has the state.
    func forgetWhatIsDone() {
        for generation in generations.all {
            let done = generation.underWay.filter { generation.progress.isDone($0.range, outputs: outputs) }
            if done.isEmpty { continue }
            changes.ended += done.map { (generation.row, $0.range.lowerBound) }
            generations[generation.row]?.underWay.removeAll { done.contains($0) }
        }
    }

    /// Gives an output that has no progress in a generation the place where reading goes on.
    package func adopt(_ row: Int64) {
        lock.withLock {
            guard var generation = generations[row] else { return }
            let offset = generation.resumeOffset(outputs: outputs)
            let done = generation.doneRanges(outputs: outputs)
            for output in outputs where generation.progress[output] == nil {
                var progress = ByteRanges(contiguous: offset)
                // Of events that lie on both sides of the offset, it gets none.
                for range in done { progress.insert(range) }
                generation.progress[output] = progress
                changes.progress[row, default: []].insert(output)
            }
            generations[row] = generation
        }
    }

    /// What an output has said yes to in a generation.
    package func progress(_ row: Int64, output: String) -> ByteRanges? {
        lock.withLock { generations[row]?.progress[output] }
    }
}
