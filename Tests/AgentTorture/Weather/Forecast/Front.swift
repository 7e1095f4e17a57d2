// SPDX-License-Identifier: Apache-2.0

/// A stretch of bad weather of one kind, somewhere.
struct Front: Sendable, Equatable {
    enum Kind: String, CaseIterable, Sendable {
        /// Nobody listens.
        case refused
        /// The connection is reset in the middle of the request.
        case resetInRequest = "reset-in-request"
        /// Half of the answer comes back.
        case cutAnswer = "cut-answer"
        /// The request arrives, and its answer does not come back.
        case lostAnswer = "lost-answer"
        case tooMany = "429"
        case tooManyRetryAfter = "429-retry-after"
        case unavailable = "503"
        /// Each answer is late.
        case slow
        /// What connects is accepted, and never answered.
        case blackHole = "black-hole"
        /// The server shows another certificate, which is as good.
        case certificate = "certificate-change"
        /// It shows one that has expired.
        case expired = "expired-certificate"
        /// The disk of the agent's state is full.
        case diskFull = "disk-full"
        /// The agent gets SIGKILL, and is started again.
        case kill
        /// It gets SIGSTOP, and SIGCONT later.
        case stop
        /// It gets SIGTERM, and is started again.
        case restart
    }

    var kind: Kind
    var target: Target
    /// Milliseconds after its episode began, and how many it lasts.
    var start = 0
    var length = 0

    var end: Int { start + length }
    var label: String { kind.rawValue + target.label }

    /// What a proxy does meanwhile; nil for what is not done by one.
    var weather: Weather? {
        switch kind {
        case .refused: .closed
        case .resetInRequest: .resetsInBody
        case .cutAnswer: .cutsAnswers
        case .lostAnswer: .losesAnswers
        case .tooMany: .answers429
        case .tooManyRetryAfter: .answers429RetryAfter
        case .unavailable: .answers503
        case .slow: .dawdles
        case .blackHole: .swallows
        case .certificate, .expired, .diskFull, .kill, .stop, .restart: nil
        }
    }
}
