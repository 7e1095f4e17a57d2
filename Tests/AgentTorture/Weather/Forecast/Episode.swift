// SPDX-License-Identifier: Apache-2.0

/// Fronts that overlap, and the calm behind them.
struct Episode: Sendable, Equatable {
    var fronts: [Front]
    /// Milliseconds of calm after the last of them.
    var calm: Int

    /// Milliseconds in all.
    var length: Int { (fronts.map(\.end).max() ?? 0) + calm }
}
