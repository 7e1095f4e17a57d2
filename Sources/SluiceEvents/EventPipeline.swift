// SPDX-License-Identifier: Apache-2.0

/// What one worker does to a batch: parse it, then run the processors. One belongs to one worker.
package final class EventPipeline {
    /// What a run did to a batch.
    package struct Counts: Equatable, Sendable {
        /// Events that the parser could not read; they keep their text.
        package var parseFailures = 0
        /// Events whose text was cut.
        package var truncated = 0
        /// Events that processors dropped.
        package var dropped = 0
        /// Events that some processor could not do its work on; they go on all the same.
        package var processorFailures = 0

        package init(parseFailures: Int = 0, truncated: Int = 0, dropped: Int = 0, processorFailures: Int = 0) {
            self.parseFailures = parseFailures
            self.truncated = truncated
            self.dropped = dropped
            self.processorFailures = processorFailures
        }
    }

    private let parser: any EventParser
    private let processors: [ProcessorList]

    /// - Parameter processors: lists that run one after the other: an input's own, then everybody's.
    package init(parser: any EventParser, processors: ProcessorList...) {
        self.parser = parser
        self.processors = processors
    }

    package func run(_ batch: EventBatch) -> Counts {
        batch.writeSegmentTexts()
        let failures = parser.parse(batch)
        // Before the processors, whose conditions may ask for them.
        let truncated = batch.setLineFields()
        var dropped = 0
        for list in processors { dropped = list.run(batch) }
        return Counts(
            parseFailures: failures,
            truncated: truncated,
            dropped: dropped,
            processorFailures: batch.failedCount
        )
    }
}
