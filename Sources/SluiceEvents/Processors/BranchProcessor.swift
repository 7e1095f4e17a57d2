// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// `if`, `then` and `else`: one row of processors for the events for which the condition holds, another for the rest.
///
/// As in Filebeat, a branch ends for an event at the first processor that fails on it.
final class BranchProcessor: Processor {
    private let condition: any Condition
    private let whenTrue: [any Processor]
    private let whenFalse: [any Processor]

    init(_ condition: any Condition, whenTrue: [any Processor], whenFalse: [any Processor]) {
        self.condition = condition
        self.whenTrue = whenTrue
        self.whenFalse = whenFalse
    }

    var mayDrop: Bool { whenTrue.contains { $0.mayDrop } || whenFalse.contains { $0.mayDrop } }

    func process(_ batch: EventBatch, selected: EventMask) {
        var chosen = selected
        condition.filter(&chosen, of: batch)
        var rest = selected
        rest.subtract(chosen)
        let before = batch.failed
        var failed = EventMask(count: batch.events.count, isSet: false)
        run(whenTrue, batch, &chosen, &failed)
        run(whenFalse, batch, &rest, &failed)
        batch.failed = before
        failed.forEach { batch.markFailed($0) }
    }

    private func run(
        _ processors: [any Processor],
        _ batch: EventBatch,
        _ selected: inout EventMask,
        _ failed: inout EventMask
    ) {
        for processor in processors where !selected.isEmpty {
            batch.forgetFailures()
            processor.process(batch, selected: selected)
            let newlyFailed = EventMask(words: batch.failed, count: batch.events.count)
            failed.formUnion(newlyFailed)
            selected.subtract(newlyFailed)
            if processor.mayDrop { selected.removeDropped(batch) }
        }
    }
}
