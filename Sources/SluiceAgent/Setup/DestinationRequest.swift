// SPDX-License-Identifier: Apache-2.0

/// A question to a destination, or something that it is to keep: anything but events.
package struct DestinationRequest: Sendable, Equatable {
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
    }

    package var method: Method
    /// Path and query, to be added to the output's address.
    package var target: String
    /// JSON.
    package var body: String?

    package init(_ method: Method, _ target: String, body: String? = nil) {
        self.method = method
        self.target = target
        self.body = body
    }
}
