// SPDX-License-Identifier: Apache-2.0

package import Logging
package import SluiceEvents

/// A destination: how batches become requests, and what its answers mean. The rest (queues, sending, retries, progress)
/// is the same for all. Adding one is a folder and a line in `OutputTable`.
package protocol Output: Sendable {
    var options: OutputOptions { get }
    /// Names of the limits of its destination that its encoders look at before sending.
    var limits: [String] { get }
    /// The encoder for one worker.
    func makeEncoder() -> any OutputEncoder
    /// What an answer means. Pure.
    func judge(_ response: OutputResponse, request: OutputRequest) -> Verdict
    /// What its requests go through; nil for HTTP, which all outputs share.
    ///
    /// - Throws: what keeps it from ever working, as a file that cannot be written.
    func makeTransport(logger: Logger) throws -> (any Transport)?
}

extension Output {
    package var limits: [String] { [] }

    package func makeTransport(logger: Logger) throws -> (any Transport)? { nil }
}

/// Turns batches into requests. One belongs to one worker, and keeps scratch space.
package protocol OutputEncoder: AnyObject {
    /// Writes the selected events into requests, none of them larger than configured.
    func encode(_ batch: EventBatch, selected: EventMask, into builder: RequestBuilder)
}
