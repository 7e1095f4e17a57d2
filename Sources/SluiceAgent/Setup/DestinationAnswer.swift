// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// What a destination answered to a ``DestinationRequest``.
package struct DestinationAnswer: Sendable {
    package var status: Int
    package var text: String

    package init(_ status: Int, _ text: String = "") {
        self.status = status
        self.text = text
    }

    package var json: JSONContent? { text.withByteView { try? JSONContent.parse($0) } }

    /// The reason in it, on one line and not long: Elasticsearch's where there is one, else the beginning of the text.
    package var reason: String {
        let error = json?["error"]
        let text = error?["reason"]?.text ?? error?.text ?? json?["message"]?.text ?? text
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > 300 ? line.prefix(300) + "…" : line
    }

    /// Whether the server has nothing at all for such a request: a part of it that is not installed or turned off.
    ///
    /// Source: Elasticsearch and OpenSearch answer 400 or 405 with `no handler found for uri […] and method […]`, or
    /// `Incorrect HTTP method for uri […]`.
    package var isUnheardOf: Bool {
        (status == 400 || status == 404 || status == 405)
            && (text.contains("no handler found") || text.contains("Incorrect HTTP method")
                || text.contains("endpoint does not exist"))
    }
}
