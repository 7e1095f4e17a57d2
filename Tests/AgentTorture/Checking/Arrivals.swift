// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// Which lines have arrived, and how often. Reads the receiver's database, while it is written to.
final class Arrivals {
    private let databasePath: String
    private let seed: UInt64
    private let findings: Findings
    /// By destination and writer: how often each line came.
    private var counts: [Destination: [[UInt8]]] = [:]
    private var lastRow: [Destination: Int64] = [:]
    private var lastDeadLetter: Int64 = 0
    private(set) var deadLetters = 0
    private var totals: [Destination: Int] = [:]
    private let index = JSONIndex()
    private let expected = ByteArena(capacity: 4096)
    private let escaped = ByteArena(capacity: 4096)

    init(folder: String, plan: Plan, findings: Findings) {
        databasePath = ReceiverProcess.databasePath(folder: folder)
        seed = plan.seed
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
        var message = text
        var isEscaped = false
        if text.count > 0, text[0] == UInt8(ascii: "{") {
            guard let inner = messageField(text) else { return complain(text, destination) }
            message = inner
            isEscaped = true
        }
        guard let (writer, number) = LogLine.identify(message), writer < counts[destination]?.count ?? 0,
            isAsWritten(message, isEscaped, writer, number)
        else { return complain(text, destination) }
        counts[destination]?[writer].count(number)
    }

    private func complain(_ text: ByteView, _ destination: Destination) {
        let start = text[0..<min(text.count, 200)].string
        let end = text[max(0, text.count - 60)..<text.count].string
        findings.fault("nobody's", "\(destination.rawValue), \(text.count) bytes: \(start) … \(end)")
    }

    /// The inside of the string that is the document's message.
    private func messageField(_ document: ByteView) -> ByteView? {
        do throws(JSONError) {
            try JSONScanner.scan(document, into: index)
        } catch {
            return nil
        }
        for place in 0..<index.children.count where document[index.children[place].key] == ByteView("message") {
            guard index.children[place].kind.isString else { return nil }
            let value = index.children[place].value
            return document[(value.lowerBound + 1)..<(value.upperBound - 1)]
        }
        return nil
    }

    private func isAsWritten(_ message: ByteView, _ isEscaped: Bool, _ writer: Int, _ number: Int) -> Bool {
        expected.removeAll()
        LogLine.writeMessage(seed: seed, writer: writer, number: number, to: expected)
        guard isEscaped else { return message == expected.view }
        escaped.removeAll()
        _ = escaped.appendJSONString(expected.view)
        return message == escaped.view(1..<(escaped.count - 1))
    }
}

extension [UInt8] {
    fileprivate mutating func count(_ index: Int) {
        if index >= count { append(contentsOf: repeatElement(0, count: index + 1 - count)) }
        if self[index] < .max { self[index] += 1 }
    }
}
