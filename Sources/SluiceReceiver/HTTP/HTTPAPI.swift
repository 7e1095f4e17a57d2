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

    /// The answer, 401, to a request without the token.
    func replyToStranger() -> HTTPReply

    /// Which faults concern it.
    var faultAPI: FaultRule.API { get }

    /// Whether a request writes events: faults concern nothing else.
    func isWrite(method: String, path: [String]) -> Bool

    /// The answer with which a fault ends.
    func reply(toFault status: Int) -> HTTPReply

    /// Header fields on every response.
    var fields: [(name: String, value: String)] { get }
}
