// SPDX-License-Identifier: Apache-2.0

/// What a proxy does with what it is sent.
enum Weather: Int, CaseIterable, Sendable {
    case fair
    /// Every connection is reset at once.
    case refuses
    /// The request is cut off in the middle of its body.
    case resetsInBody
    /// The request arrives, and the answer does not come back.
    case losesAnswers
    /// Half of the answer comes back.
    case cutsAnswers
    case dawdles
    case answers429, answers500, answers503
    /// 429, with the wish to be left alone for a second.
    case answers429RetryAfter
    /// Nobody listens, and what is connected is reset.
    case closed
    /// Connections are accepted and nothing is answered, until it is over.
    case swallows

    /// Those in which something gets through now and then.
    static let passing: [Weather] = [
        .fair, .refuses, .resetsInBody, .losesAnswers, .cutsAnswers, .dawdles, .answers429, .answers500, .answers503,
        .answers429RetryAfter,
    ]
}
