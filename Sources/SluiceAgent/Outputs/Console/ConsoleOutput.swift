// SPDX-License-Identifier: Apache-2.0

package import Logging
package import SluiceEvents

/// Writes events to the standard output, one JSON object a line, or over several lines with `pretty: true`. The agent's
/// own log goes to the standard error, so the two do not mix.
package struct ConsoleOutput: Output {
    package var options: OutputOptions
    package var codec: LineCodec

    /// Reads the options of an output of type `console`: `pretty`, `codec` and what all outputs have.
    package init?(_ section: ConfigurationSection) {
        options = OutputOptions(local: section, name: "console")
        let codec = LineCodec.read(section)
        if section.boolean("pretty", default: false), case .json = codec {
            self.codec = .prettyJSON
        } else {
            self.codec = codec
        }
    }

    package func makeEncoder() -> any OutputEncoder { LineEncoder(options: options, codec: codec) }

    package func judge(_ response: OutputResponse, request: OutputRequest) -> Verdict { .delivered }

    package var destinations: [String] { ["the standard output"] }

    package func probe(_ destination: String, over road: DestinationRoad) async throws -> Finding {
        .fine("there is nothing to try")
    }

    package func makeTransport(logger: Logger) -> (any Transport)? { ConsoleTransport() }
}
