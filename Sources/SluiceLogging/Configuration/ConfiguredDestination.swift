// SPDX-License-Identifier: Apache-2.0

/// A destination that was opened for a handler of a configuration.
struct ConfiguredDestination: Sendable {
    var name: String
    var plan: DestinationPlan
    var destination: any LogDestination
}
