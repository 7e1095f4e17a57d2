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
}
