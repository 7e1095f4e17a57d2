// SPDX-License-Identifier: Apache-2.0

/// What one output has to send of one batch.
struct Shipment: Sendable {
    var inFlight: BatchInFlight
    var requests: [OutputRequest]
    /// What was cut or left out of them.
    var limited: [LimitedEvent] = []
    /// How many events there were.
    var events: Int
}
