// SPDX-License-Identifier: Apache-2.0

/// What goes wrong with requests on their way to a receiver.
enum HTTPFault: Sendable {
    /// What the receiver is told to do, as its option `--fault` has it.
    case receiver([String])
    /// What somebody in front of it does, by the number of the request.
    case relay(@Sendable (_ number: Int, _ request: ScriptedServer.Request) -> Step)

    enum Step: Sendable {
        /// The request goes on, and so does the answer.
        case pass
        /// It does not go on, and this is the answer.
        case instead(ScriptedServer.Answer)
        /// It goes on, and this is made of the answer: its status and body.
        case changed(@Sendable (Int, String) -> ScriptedServer.Answer)
    }

    /// The first requests do not go on, and this is their answer.
    static func first(_ count: Int, _ answer: ScriptedServer.Answer) -> HTTPFault {
        .relay { number, _ in number < count ? .instead(answer) : .pass }
    }

    /// The first requests go on, and their answers are changed.
    static func firstChanged(
        _ count: Int,
        _ change: @escaping @Sendable (Int, String) -> ScriptedServer.Answer
    ) -> HTTPFault {
        .relay { number, _ in number < count ? .changed(change) : .pass }
    }

    /// Requests with a word in them get a status, and nothing of them is taken.
    static func refused(_ status: Int, with word: String = "poison") -> HTTPFault {
        .relay { _, request in request.body.contains(word) ? .instead(.status(status, "no")) : .pass }
    }

    /// Requests that are larger than this are too large.
    static func tooLarge(over bytes: Int) -> HTTPFault {
        .relay { _, request in request.body.utf8.count > bytes ? .instead(.status(413, "too large")) : .pass }
    }
}
