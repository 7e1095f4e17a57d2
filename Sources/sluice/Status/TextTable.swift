// SPDX-License-Identifier: Apache-2.0

/// Rows of text in columns, with room for one of them to give way.
struct TextTable {
    struct Column {
        var title: String
        var isNumber = false
        /// Is cut, at its beginning, where the lines would be too long.
        var isFlexible = false
        /// May be missing where the lines would be too long; stands behind those that may not.
        var isOptional = false
    }

    private static let gap = "  "
    private static let minimum = 20

    private let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ row: [String]) { rows.append(row) }

    /// - Parameter width: of the lines; nil for as long as they are.
    func lines(width: Int?) -> [String] {
        let titles = columns.map(\.title)
        var widths = columns.indices.map { column in
            ([titles] + rows).map { $0[column].count }.max() ?? 0
        }
        if let width, let flexible = columns.firstIndex(where: \.isFlexible) {
            let needed = columns.indices.filter { !columns[$0].isOptional }
            let total = needed.reduce(0) { $0 + widths[$1] } + Self.gap.count * (needed.count - 1)
            if total > width {
                widths[flexible] = max(min(widths[flexible], Self.minimum), widths[flexible] - (total - width))
            }
        }
        return ([titles] + rows).map { row in
            var line = ""
            for (column, text) in row.enumerated() {
                if column > 0 { line += Self.gap }
                let text = Self.cutAtBeginning(text, widths[column])
                line +=
                    columns[column].isNumber ? Figures.right(text, widths[column]) : Figures.left(text, widths[column])
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return width.map { Self.cut(line, $0) } ?? line
        }
    }

    static func cut(_ text: String, _ width: Int) -> String {
        text.count > width ? text.prefix(max(0, width - 1)) + "…" : text
    }

    private static func cutAtBeginning(_ text: String, _ width: Int) -> String {
        text.count > width ? "…" + text.suffix(max(0, width - 1)) : text
    }
}
