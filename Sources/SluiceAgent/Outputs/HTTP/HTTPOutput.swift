// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// Posts events to any URL, as lines of JSON or as a JSON array.
package struct HTTPOutput: Output {
    /// How the events stand in a body.
    package enum Format: String, CaseIterable, Sendable {
        case ndjson
        case jsonArray = "json_array"
    }

    package var options: OutputOptions
    package var format: Format
    package var codec: LineCodec

    /// Reads the options of an output of type `http`: `url` or `hosts`, `format`, `codec`, and what HTTP outputs have.
    package init?(_ section: ConfigurationSection) {
        let options = OutputOptions(
            section,
            defaults: .init(
                name: "http",
                port: 80,
                bulkMaximumEvents: 5000,
                bulkMaximumBytes: 4_000_000
            )
        )
        format = section.choice("format", default: .ndjson)
        codec = LineCodec.read(section)
        if format == .jsonArray, case .format = codec {
            section.report(section.node("codec") ?? section.node, "a JSON array takes no 'codec.format': use ndjson")
        }
        guard let options else { return nil }
        self.options = options
        self.options.pace.keepsOrder = true
    }

    package func makeEncoder() -> any OutputEncoder {
        let contentType: String
        if format == .jsonArray {
            contentType = "application/json"
        } else if case .format = codec {
            contentType = "text/plain; charset=utf-8"
        } else {
            contentType = "application/x-ndjson"
        }
        return LineEncoder(options: options, codec: codec, isArray: format == .jsonArray, contentType: contentType)
    }

    package func probe(_ destination: String, over road: DestinationRoad) async throws -> Finding {
        try await road.lead(HTTPProbe(hasCredentials: options.hasCredentials), at: destination, options)
    }

    package func judge(_ response: OutputResponse, request: OutputRequest) -> Verdict {
        let reason = "HTTP \(response.status): \(response.excerpt)"
        return switch response.status {
        case 200..<300: .delivered
        // What it does not say, halving finds out: a body too large, or one event in it that is not taken.
        case 400, 413, 422: .smaller(status: response.status, reason: reason)
        case 408, 425, 429, 500...: .again(reason: reason, after: response.retryAfter)
        default: .hold(status: response.status, reason: reason)
        }
    }
}
