// SPDX-License-Identifier: Apache-2.0

/// What a sender is told.
struct HTTPAnswer: Sendable, Equatable {
    var status: Int
    /// JSON.
    var body: String
    /// Seconds; nil for none.
    var retryAfter: Int?
    /// What else is in the head.
    var header: (name: String, value: String)?

    init(status: Int, body: String, retryAfter: Int? = nil) {
        self.status = status
        self.body = body
        self.retryAfter = retryAfter
    }

    /// - Parameter message: what is wrong and what to do, in a sentence.
    static func refusal(_ status: Int, _ message: String, retryAfter: Int? = nil) -> HTTPAnswer {
        HTTPAnswer(status: status, body: "{\"message\": \(JSONText.string(message))}", retryAfter: retryAfter)
    }

    static func == (left: HTTPAnswer, right: HTTPAnswer) -> Bool {
        left.status == right.status && left.body == right.body && left.retryAfter == right.retryAfter
    }
}
