// SPDX-License-Identifier: Apache-2.0

/// What speaks on one of the receiver's ports.
protocol HTTPAPI: Sendable {
    /// The largest body taken, as it comes over the wire.
    var maximumBodyBytes: Int { get }

    func reply(to call: HTTPCall) async -> HTTPReply

    /// The answer to a body that is larger.
    func replyToLargeBody() -> HTTPReply

    /// The answer when too much is under way already.
    func replyWhenOverloaded() -> HTTPReply

    /// Header fields on every response.
    var fields: [(name: String, value: String)] { get }
}
