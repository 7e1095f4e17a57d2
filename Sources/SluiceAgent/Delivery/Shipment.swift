// SPDX-License-Identifier: Apache-2.0

/// What one output has to send of one batch.
struct Shipment: Sendable {
    var inFlight: BatchInFlight
    var requests: [OutputRequest]
    /// How many events are in the requests.
    var events: Int
}
