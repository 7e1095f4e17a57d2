// SPDX-License-Identifier: Apache-2.0

/// What an agent is to make of a fault. Whatever it is, each event ends once at the destination or once in the dead
/// letters.
struct VerdictExpectation: Sendable {
    /// A line of the agent's log about an output in trouble.
    enum Complaint: Sendable {
        /// It tries again; the reason has these words in it.
        case retry(String)
        /// It needs a person, because of a status.
        case hold(Int)
    }

    enum Letters: Sendable {
        case none
        /// The poisoned events and no others, with this status.
        case poison(Int)
        /// Whichever were refused, with this status.
        case some(Int)
    }

    /// In their order, each said once.
    var complaints: [Complaint] = []
    /// Whether the trouble comes and goes, so that it is said again.
    var isRecurring = false
    var letters = Letters.none
    /// How many were found to be there already.
    var duplicates = 0...0
    /// How many the destination put elsewhere.
    var redirected = 0
    /// The least time between the first two requests.
    var pause: Duration?

    /// Taken at once.
    static let delivered = VerdictExpectation()

    /// Sent again, with one line of log.
    static func retry(_ words: String, isRecurring: Bool = false) -> VerdictExpectation {
        VerdictExpectation(complaints: [.retry(words)], isRecurring: isRecurring)
    }

    /// Sent again not before a time that the destination asks for.
    static func retryAfter(_ pause: Duration) -> VerdictExpectation {
        VerdictExpectation(complaints: [.retry("HTTP 429")], pause: pause)
    }

    /// Sent again, and then said to be there already.
    static func alreadyThere(_ events: ClosedRange<Int>, _ words: String) -> VerdictExpectation {
        VerdictExpectation(complaints: [.retry(words)], duplicates: events)
    }

    /// Sent in parts, all of which are taken.
    static let split = VerdictExpectation()

    /// The poisoned events are refused for good, the others arrive.
    static func deadLetter(_ status: Int) -> VerdictExpectation { VerdictExpectation(letters: .poison(status)) }

    /// Nothing is given up; an alarm says that a person is needed, once.
    static func hold(_ status: Int) -> VerdictExpectation { VerdictExpectation(complaints: [.hold(status)]) }
}
