// SPDX-License-Identifier: Apache-2.0

/// Why a host did not take a request.
package enum HostFailure: Equatable, Sendable {
    /// It has too much to do, and says so (429, 503).
    case loaded
    /// It answered that it cannot, or something else than an answer.
    case failing
    /// There was no answer in time.
    case late
    /// It could not be reached, or went away.
    case silent

    /// Whether there was an answer at all.
    var isAnswered: Bool { self == .loaded || self == .failing }
    /// Whether fewer requests at once might have been taken.
    var isOverload: Bool { self == .loaded || self == .late }
}
