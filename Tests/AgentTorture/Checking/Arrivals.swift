// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// Which lines have arrived, and how often. Reads the receiver's database, while it is written to.
final class Arrivals {
    private let databasePath: String
    private let reader: LineReader
    private let findings: Findings
    /// By destination and writer: how often each line came.
    private var counts: [Destination: [[UInt8]]] = [:]
    private var lastRow: [Destination: Int64] = [:]
    private var lastDeadLetter: Int64 = 0
    private(set) var deadLetters = 0
    private var totals: [Destination: Int] = [:]

    init(folder: String, plan: Plan, findings: Findings) {
        databasePath = ReceiverProcess.databasePath(folder: folder)
        reader = LineReader(plan)
        self.findings = findings
        for destination in Destination.allCases {
            counts[destination] = plan.writers.map { _ in [] }
        }
    }

    func total(_ destination: Destination) -> Int { totals[destination, default: 0] }

    /// How often a line has come.
    func count(_ destination: Destination, _ writer: Int, _ number: Int) -> Int {
        guard let lines = counts[destination]?[writer], number < lines.count else { return 0 }
        return Int(lines[number])
    }

    /// How far the lines of a writer go.
    func end(_ destination: Destination, _ writer: Int) -> Int { counts[destination]?[writer].count ?? 0 }

    /// Takes note of what has come since the last time.
    ///
    /// - Throws: while the receiver is dead, its database may not be readable.
    func readNew() throws(SQLiteError) {
        let database = try SQLiteDatabase(path: databasePath, access: .read)
        for destination in Destination.allCases {
            let rows = try database.prepare(destination.query)
            try rows.bind(integer: lastRow[destination, default: 0], at: 1)
            while try rows.step() {
                take(rows.bytes(at: 1), destination)
                lastRow[destination] = rows.integer(at: 0)
            }
        }
    }

    /// Takes note of what an output refused for good since the last time, which the agent keeps.
    func readDeadLetters(_ statePath: String) throws(SQLiteError) {
        let database = try SQLiteDatabase(path: statePath, access: .read)
        let rows = try database.prepare(
            "SELECT output, number, reason, text FROM dead_letters WHERE number > ? ORDER BY number"
        )
        try rows.bind(integer: lastDeadLetter, at: 1)
        while try rows.step() {
            let text = rows.bytes(at: 3)
            lastDeadLetter = rows.integer(at: 1)
            guard let destination = Destination(rawValue: rows.string(at: 0) ?? "") else { continue }
            deadLetters += 1
            // A Loki takes no line of more than 256 KiB.
            if destination != .loki || text.count <= 256 << 10 {
                findings.fault("refused", "\(destination.rawValue): \(rows.string(at: 2) ?? "")")
            }
            take(text, destination)
        }
    }

    private func take(_ text: ByteView, _ destination: Destination) {
        totals[destination, default: 0] += 1
        guard let (writer, number) = reader.identify(text), writer < counts[destination]?.count ?? 0 else {
            findings.fault("nobody's", "\(destination.rawValue), \(LineReader.excerpt(text))")
            return
        }
        counts[destination]?[writer].count(number)
    }
}

extension [UInt8] {
    fileprivate mutating func count(_ index: Int) {
        if index >= count { append(contentsOf: repeatElement(0, count: index + 1 - count)) }
        if self[index] < .max { self[index] += 1 }
    }
}
