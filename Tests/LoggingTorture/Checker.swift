// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

/// Reads all files and holds them against the ledger.
struct Checker {
    private let scenario: Scenario
    private let ledger: Ledger
    private let runs: Int
    private let threads: Int
    private let kills: Int
    /// For each run and thread: the number of the line that comes next.
    private var next: [Int]
    private var found: [Int]
    private var noticed: [Int]
    private var broken = 0
    private(set) var lines = 0
    private(set) var files = 0
    private(set) var compressed = 0
    private(set) var faults: [String] = []
    private(set) var faultCount = 0

    init(_ scenario: Scenario, _ ledger: Ledger, runs: Int, threads: Int, kills: Int) {
        self.scenario = scenario
        self.ledger = ledger
        self.runs = runs
        self.threads = threads
        self.kills = kills
        next = [Int](repeating: 0, count: runs * threads)
        found = next
        noticed = [Int](repeating: 0, count: runs)
    }

    var acknowledged: Int {
        (0..<runs).reduce(0) { sum, run in (0..<threads).reduce(sum) { $0 + ledger.acknowledged(run, $1) } }
    }

    var dropped: Int { noticed.reduce(0, +) }

    mutating func check(directory: String) throws {
        let files = try LogFiles(directory: directory, isDated: scenario.isDated)
        self.files = files.paths.count
        compressed = files.compressedCount
        let index = JSONIndex()
        for path in files.paths {
            let text = try LogFiles.text(path)
            var rest = text.view
            while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
                check(rest[0..<newline], index, path)
                rest = rest[(newline + 1)..<rest.count]
            }
            if !rest.isEmpty { broken += 1 }
        }
        if broken > kills { fault("\(broken) broken lines after \(kills) kills") }
        for run in 0..<runs { checkEnd(of: run) }
    }

    private mutating func check(_ line: ByteView, _ index: JSONIndex, _ path: String) {
        lines += 1
        do {
            try JSONScanner.scan(line, into: index)
        } catch {
            broken += 1
            return
        }
        guard index.kind == .object, index.children.count >= 2, let run = number(line, index, 0, "run"), run < runs
        else { return fault("\(path): what is \(line.string)?") }
        if let count = number(line, index, 1, "dropped") {
            noticed[run] += count
            return
        }
        guard let thread = number(line, index, 1, "thread"), thread < threads, let n = number(line, index, 2, "n"),
            n < ledger.attempted(run, thread)
        else { return fault("\(path): what is \(line.string)?") }
        let slot = run * threads + thread
        if n < next[slot] { return fault("\(path): run \(run), thread \(thread): \(n) after \(next[slot] - 1)") }
        if n > next[slot] {
            for missing in next[slot]..<n where scenario.isPromised(Line.level(run, thread, missing)) {
                fault("\(path): run \(run), thread \(thread): \(missing) is missing before \(n)")
                break
            }
        }
        next[slot] = n + 1
        found[slot] += 1
    }

    private func number(_ line: ByteView, _ index: JSONIndex, _ child: Int, _ key: StaticString) -> Int? {
        guard child < index.children.count, line[index.children[child].key] == ByteView(key) else { return nil }
        return Int(line[index.children[child].value].string)
    }

    private mutating func checkEnd(of run: Int) {
        var total = 0
        var attempted = 0
        for thread in 0..<threads {
            let slot = run * threads + thread
            total += found[slot]
            attempted += ledger.attempted(run, thread)
            let acknowledged = ledger.acknowledged(run, thread)
            guard next[slot] < acknowledged else { continue }
            for missing in next[slot]..<acknowledged where scenario.isPromised(Line.level(run, thread, missing)) {
                fault("run \(run), thread \(thread): \(missing) of \(acknowledged) acknowledged is missing at the end")
                break
            }
        }
        guard ledger.hasEnded(run) else { return }
        let dropped = ledger.dropped(run)
        if total + dropped != attempted {
            fault("run \(run): \(attempted) written, \(total) found, \(dropped) dropped")
        }
        if scenario.drops, noticed[run] != dropped {
            fault("run \(run): \(dropped) dropped, the log speaks of \(noticed[run])")
        }
    }

    private mutating func fault(_ text: String) {
        faultCount += 1
        if faults.count < 10 { faults.append(text) }
    }
}
