// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// Takes the batches that an input has filled.
protocol BatchSink: AnyObject, Sendable {
    /// - Parameter input: the input's place in the pipeline.
    func submit(_ batch: EventBatch, input: Int, _ departures: [StateStore.Departure])
}

extension Intake: BatchSink {}
