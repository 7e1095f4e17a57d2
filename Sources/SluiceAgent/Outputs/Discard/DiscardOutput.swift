// SPDX-License-Identifier: Apache-2.0

package import Logging
package import SluiceEvents

/// Says yes to everything and keeps nothing: for measuring, and for trying out what comes before.
package struct DiscardOutput: Output {
    package var options: OutputOptions

    /// Reads the options of an output of type `discard`.
    package init?(_ section: ConfigurationSection) { options = OutputOptions(local: section, name: "discard") }

    package func makeEncoder() -> any OutputEncoder { LineEncoder(options: options, codec: .json) }

    package func judge(_ response: OutputResponse, request: OutputRequest) -> Verdict { .delivered }

    package var destinations: [String] { ["nowhere"] }

    package func probe(_ destination: String, over road: DestinationRoad) async throws -> Finding {
        .fine("there is nothing to try")
    }

    package func makeTransport(logger: Logger) -> (any Transport)? { DiscardTransport() }
}
