// SPDX-License-Identifier: Apache-2.0

public import Logging

/// A destination, the lowest level that goes to it, and the form its lines have.
public struct LogOutput: Sendable {
    /// Where the lines go. Several outputs may share it.
    public var destination: any LogDestination
    /// Lines below this level do not go there.
    public var level: Logger.Level
    /// How an event becomes a line. Outputs with equal layouts share one encoding of each event.
    public var layout: any LogLayout

    /// Creates an output.
    ///
    /// - Parameters:
    ///   - destination: where the lines go.
    ///   - level: lines below it do not go there.
    ///   - layout: how an event becomes a line.
    public init(
        _ destination: some LogDestination,
        level: Logger.Level = .trace,
        layout: some LogLayout = .json
    ) {
        self.destination = destination
        self.level = level
        self.layout = layout
    }
}
