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
    /// Where it leads to, for people: its addresses, or a file.
    var destinations: [String] { get }
    /// Looks whether events could go to one of its destinations, and sends none.
    ///
    /// - Throws: only `CancellationError`.
    func probe(_ destination: String, over road: DestinationRoad) async throws -> Finding
    /// Makes the destination ready for events, by way of one of its addresses.
    ///
    /// - Throws: only `CancellationError`.
    func setUp(_ destination: String, over road: DestinationRoad) async throws -> Finding
    /// Whether that is done before the first event goes.
    var isSetUpFirst: Bool { get }
}

extension Output {
    package var limits: [String] { [] }

    package func makeTransport(logger: Logger) throws -> (any Transport)? { nil }

    package var destinations: [String] { options.addresses }

    /// There may be nothing to set up but that it works.
    package func setUp(_ destination: String, over road: DestinationRoad) async throws -> Finding {
        try await probe(destination, over: road)
    }

    package var isSetUpFirst: Bool { options.isSetUpFirst }
}

/// Turns batches into requests. One belongs to one worker, and keeps scratch space.
package protocol OutputEncoder: AnyObject {
    /// Writes the selected events into requests, none of them larger than configured.
    func encode(_ batch: EventBatch, selected: EventMask, into builder: RequestBuilder)
}
