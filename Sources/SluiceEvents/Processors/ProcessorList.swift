// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The processors of a pipeline, in their order. One belongs to one worker; making one is cheap.
package final class ProcessorList {
    private let processors: [any Processor]

    /// Reads `processors:`, a sequence of mappings with one processor each.
    ///
    /// What is wrong is reported, and left out.
    package init(node: ConfigurationNode?, context: ProcessorContext, problems: ConfigurationProblems) {
        processors = node.map { ProcessorReader(context: context, problems: problems).list($0) } ?? []
    }

    package var isEmpty: Bool { processors.isEmpty }

    /// Runs every processor over the events that have not been dropped. An event that one of them fails on goes on to
    /// the next.
    ///
    /// - Returns: how many events have been dropped, those included that were before.
    @discardableResult
    package func run(_ batch: EventBatch) -> Int {
        let count = batch.events.count
        var selected = EventMask(count: count, isSet: true)
        selected.removeDropped(batch)
        for processor in processors {
            if selected.isEmpty { break }
            processor.process(batch, selected: selected)
            if processor.mayDrop { selected.removeDropped(batch) }
        }
        return count - selected.population
    }
}
