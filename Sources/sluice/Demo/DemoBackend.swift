// SPDX-License-Identifier: Apache-2.0

/// One of the two APIs that the service's lines arrive at, as the demo asks it: like anybody else, over HTTP.
protocol DemoBackend: Sendable {
    var name: String { get }

    /// How many of the service's lines there are.
    func count() async throws -> Int

    /// The service's lines from a time on (nanoseconds since 1970), the oldest first, at most `limit`.
    func page(from time: Int64, limit: Int) async throws -> [ArrivedLine]

    /// How many lines of the plain log there are.
    func plainCount() async throws -> Int
}

/// A line of the service, as it was found at a backend.
struct ArrivedLine {
    /// The event's own, in nanoseconds since 1970.
    var time: Int64
    /// The number that the service gave it; nil if it has none.
    var sequence: Int?
}
