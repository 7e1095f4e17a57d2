// SPDX-License-Identifier: Apache-2.0

/// The rows that are shown while lines arrive, in columns that fit the terminal.
struct LiveTable {
    private enum Layout { case wide, medium, narrow }

    private let layout: Layout

    /// - Parameter width: columns of the terminal.
    init(width: Int) { layout = width > 78 ? .wide : width > 50 ? .medium : .narrow }

    /// What stands above the rows.
    var header: [String] {
        switch layout {
        case .wide:
            [
                Figures.right("at Loki", 36) + Figures.right("at Elasticsearch", 30),
                columns
                    + Self.both(
                        Figures.right("arrived", 10) + Figures.right("median", 10) + Figures.right("99%", 10)
                    ),
            ]
        case .medium:
            [
                Figures.right("at Loki", 25) + Figures.right("at Elastic", 19),
                columns + Self.both(Figures.right("arrived", 8) + Figures.right("median", 8)),
            ]
        case .narrow: ["time: written > Loki | Elastic"]
        }
    }

    func row(time: String, written: Int, loki: ArrivalWatch.Reading, elasticsearch: ArrivalWatch.Reading) -> String {
        switch layout {
        case .wide:
            return Figures.right(time, 7) + Figures.right(Figures.count(written), 10) + wide(loki) + wide(elasticsearch)
        case .medium:
            return Figures.right(time, 7) + Figures.right(Figures.count(written), 10) + medium(loki)
                + medium(elasticsearch)
        case .narrow:
            return "\(time): \(Figures.count(written)) > \(Figures.count(loki.count)) | "
                + Figures.count(elasticsearch.count)
        }
    }

    private var columns: String { Figures.right("time", 7) + Figures.right("written", 10) }

    private static func both(_ text: String) -> String { text + text }

    private func wide(_ reading: ArrivalWatch.Reading) -> String {
        Figures.right(Figures.count(reading.count), 10) + Figures.right(delay(reading.recent?.median), 10)
            + Figures.right(delay(reading.recent?.high), 10)
    }

    private func medium(_ reading: ArrivalWatch.Reading) -> String {
        Figures.right(Figures.count(reading.count), 8) + Figures.right(delay(reading.recent?.median), 8)
    }

    private func delay(_ delay: Int64?) -> String { delay.map(Figures.time) ?? "-" }
}
