// SPDX-License-Identifier: Apache-2.0

/// Where a row's events go.
protocol VerdictDestination {
    /// The options of the output that leads there, a line of YAML each.
    var output: [String] { get }
    /// The least time between the first two requests, where the destination knows.
    var firstPause: Duration? { get }
    /// The messages of all events that are there.
    func arrived() throws -> [String]
    /// Takes nothing more.
    func stop()
}

extension VerdictDestination {
    var firstPause: Duration? { nil }
}
