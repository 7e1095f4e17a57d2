// SPDX-License-Identifier: Apache-2.0

/// What became of one event.
package enum EventVerdict: Equatable, Sendable {
    case delivered
    /// The destination had it already, which is as good.
    case duplicate
    /// Taken, and put elsewhere than was asked.
    case redirected
    /// Not taken now; it may be later.
    case retry
    /// Not taken until a person mends something that is not the event's fault.
    case held(status: Int)
    /// Not taken, and never will be.
    case refused(status: Int, reason: String)

    /// Whether the event has to be sent again.
    var isLeft: Bool {
        switch self {
        case .retry, .held: true
        case .delivered, .duplicate, .redirected, .refused: false
        }
    }

    /// The first status that needs a person.
    static func heldStatus(_ verdicts: [EventVerdict]) -> Int? {
        for case .held(let status) in verdicts { return status }
        return nil
    }
}

/// What an answer means for the events of its request.
package enum Verdict: Equatable, Sendable {
    /// All of them are there.
    case delivered
    /// One for each event, in the request's order.
    case each([EventVerdict], reason: String)
    /// None of them counts as taken; the same again after a pause of at least `after` seconds.
    case again(reason: String, after: Int?)
    /// The request is too large, or something in it is bad and the answer does not say what: halves, down to the event.
    case smaller(status: Int, reason: String)
    /// Something is wrong with the configuration or the destination that a person must mend; asked again slowly.
    case hold(status: Int, reason: String)
}
