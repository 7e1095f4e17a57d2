// SPDX-License-Identifier: Apache-2.0

import Logging

/// The line by which a log says that lines are missing from it, in the layout of the other lines.
struct DropLine: Sendable {
    let layout: any LogLayout
    private let entry: LoggerEntry

    /// - Parameters:
    ///   - destination: where lines go.
    ///   - layout: what lines look like there.
    init(_ destination: any LogDestination, _ layout: any LogLayout) {
        self.layout = layout
        let output = LogOutput(destination, layout: layout)
        let route = LogRoute(RouteParts(policy: .standard, clock: nil), outputs: [output])
        entry = LoggerEntry(name: OwnLine.logger, level: .trace, route: route)
    }

    func write(_ dropped: Int) {
        OwnLine.write(
            .warning,
            "log lines were dropped because the queue was full",
            to: entry,
            file: "SluiceLogging/BackgroundDestination.swift",
            function: "write(_:level:)"
        ) { $0["dropped_lines"] = dropped }
    }
}
