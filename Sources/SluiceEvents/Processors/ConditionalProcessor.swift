// SPDX-License-Identifier: Apache-2.0

/// A processor with a `when`: it works on the events for which the condition holds.
final class ConditionalProcessor: Processor {
    private let condition: any Condition
    private let processor: any Processor

    init(_ condition: any Condition, _ processor: any Processor) {
        self.condition = condition
        self.processor = processor
    }

    var mayDrop: Bool { processor.mayDrop }

    func process(_ batch: EventBatch, selected: EventMask) {
        var selected = selected
        condition.filter(&selected, of: batch)
        if !selected.isEmpty { processor.process(batch, selected: selected) }
    }
}
