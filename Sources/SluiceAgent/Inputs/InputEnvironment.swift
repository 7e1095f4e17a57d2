// SPDX-License-Identifier: Apache-2.0

import Logging

/// What a pipeline gives its inputs.
package struct InputEnvironment {
    /// The input's place in the pipeline.
    let number: Int
    let state: StateStore
    /// The names of the outputs.
    let outputs: [String]
    let pool: BatchPool
    let intake: Intake
    let batching: Batching
    /// Whether the run ends with what is there now.
    let isOnce: Bool
    /// Of a branch: what the pipeline knows of files whose inputs it follows.
    let otherGenerations: @Sendable () -> [Generation]
    let logger: Logger
}
