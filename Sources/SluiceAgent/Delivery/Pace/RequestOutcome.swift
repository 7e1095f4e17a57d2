// SPDX-License-Identifier: Apache-2.0

/// What became of a request, as far as the pace depends on it.
package enum RequestOutcome: Equatable, Sendable {
    /// The host has dealt with it.
    case taken
    /// The host has taken a part, and not the rest: that has to be sent again, after a pause.
    case partly
    /// It has to be sent again.
    ///
    /// - patience: nanoseconds for which the host asked not to be sent anything.
    case failed(HostFailure, patience: Int64?)
    /// Nobody waits for it any more.
    case abandoned
}
