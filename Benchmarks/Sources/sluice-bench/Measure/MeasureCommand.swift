// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Measures the parts of the pipeline over a corpus that lies in memory.
enum MeasureCommand {
    static func run(_ options: Options) throws(ToolError) {
        let path = try options.required("input")
        let limit = try options.number("bytes") ?? 64 << 20
        let rounds = max(1, try options.number("rounds") ?? 5)
        let corpus = ByteArena(capacity: limit)
        _ = try RawFile(reading: path).read(limit, into: corpus)
        guard let end = lastNewline(in: corpus.view) else { throw ToolError("\(path) has no whole line") }
        corpus.truncate(to: end)
        let only = Set(options.list("only"))
        let input = MeasureInput(corpus: corpus, rounds: rounds, rows: options.list("rows"))
        for part in MeasuredPart.all where only.isEmpty || only.contains(part.name) {
            for measurement in try part.measure(input) { print(measurement.json) }
        }
    }

    private static func lastNewline(in text: ByteView) -> Int? {
        var end = text.count
        while end > 0 {
            if text[end - 1] == 0x0a { return end }
            end -= 1
        }
        return nil
    }
}

/// What the parts are measured over.
struct MeasureInput {
    /// Whole lines, each with its newline.
    var corpus: ByteArena
    var rounds: Int
    /// What is measured alone, as for a profile; empty for everything.
    var rows: [String]
    /// The lines' ranges, newlines left out.
    var lines: [Range<Int>]

    init(corpus: ByteArena, rounds: Int, rows: [String]) {
        self.corpus = corpus
        self.rounds = rounds
        self.rows = rows
        lines = []
        var start = 0
        while let found = corpus.view(start..<corpus.count).firstIndex(of: 0x0a) {
            lines.append(start..<(start + found))
            start += found + 1
        }
    }
}

/// A part of the pipeline that is measured by itself.
struct MeasuredPart: Sendable {
    var name: String
    var measure: @Sendable (MeasureInput) throws(ToolError) -> [Measurement]

    static let all: [MeasuredPart] = [.scan, .events, .gzip, .logging]
}
