// SPDX-License-Identifier: Apache-2.0

extension Generation {
    /// What every one of these outputs has said yes to beyond `resumeOffset`: it need not be handed on again. An output
    /// that has no progress here is not asked.
    package func doneRanges(outputs: [String]) -> [Range<Int64>] {
        let known = outputs.compactMap { progress[$0] }
        guard let lowest = known.min(by: { $0.contiguous < $1.contiguous }) else { return [] }
        return known.reduce(lowest.beyond) { done, progress in
            let said = [Int64.min..<progress.contiguous] + progress.beyond
            return done.flatMap { range in said.map { range.clamped(to: $0) }.filter { !$0.isEmpty } }
        }
    }
}

extension [String: ByteRanges] {
    /// Of progress by output: whether every one of these outputs has said yes to all of a range.
    func isDone(_ range: Range<Int64>, outputs: [String]) -> Bool {
        outputs.allSatisfy { self[$0]?.contains(range) ?? false }
    }
}
