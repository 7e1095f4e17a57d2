// SPDX-License-Identifier: Apache-2.0

/// Holds what arrived against what was written.
struct Checker {
    let plan: Plan
    let ledgers: [Ledger]
    let timeline: Timeline
    let arrivals: Arrivals
    let findings: Findings
    /// When the run began, on the monotonic clock.
    let start: Int64

    /// Whether every line is there that has to be.
    var isComplete: Bool {
        for writer in plan.writers {
            let ledger = ledgers[writer.number]
            for number in 0..<ledger.lineCount {
                for destination in Destination.allCases where arrivals.count(destination, writer.number, number) == 0 {
                    if ledger.reach(number, timeline) == .reachable { return false }
                }
            }
        }
        return true
    }

    /// - Returns: the verdict on each style.
    func check() -> [(style: Style, verdict: Verdict)] {
        var verdicts: [(style: Style, verdict: Verdict)] = []
        for style in Style.allCases {
            var sum = Verdict()
            for writer in plan.writers where writer.style == style { sum += check(writer) }
            if sum.written > 0 { verdicts.append((style, sum)) }
        }
        return verdicts
    }

    private func check(_ writer: WriterPlan) -> Verdict {
        let ledger = ledgers[writer.number]
        let lines = ledger.lineCount
        var verdict = Verdict()
        verdict.written = lines
        for destination in Destination.allCases {
            for number in 0..<lines {
                switch arrivals.count(destination, writer.number, number) {
                case 1: break
                case 0:
                    switch ledger.reach(number, timeline) {
                    case .reachable:
                        verdict.lost[destination, default: 0] += 1
                        findings.fault("lost", describe(writer, number, destination, ledger))
                    case .away: verdict.away[destination, default: 0] += 1
                    case .tooShort: verdict.tooShort[destination, default: 0] += 1
                    }
                default:
                    verdict.twice[destination, default: 0] += 1
                    findings.fault("twice", describe(writer, number, destination, ledger))
                }
            }
            if arrivals.end(destination, writer.number) > lines {
                findings.fault("nobody's", "\(writer.label) never completed line \(lines)")
            }
        }
        return verdict
    }

    /// The line, where it lay, and what happened there.
    private func describe(_ writer: WriterPlan, _ number: Int, _ destination: Destination, _ ledger: Ledger) -> String {
        guard let line = ledger.line(number) else { return "" }
        var text = "line \(number) of \(writer.label) at \(destination.rawValue), written at \(seconds(line.time))"
        guard let content = ledger.content(Int(line.content)) else { return text }
        text += ", inode \(content.inode), offset \(line.offset < 0 ? "unknown" : String(line.offset))"
        for event in content.history.suffix(8) { text += "\n    \(seconds(event.time)) \(event.text)" }
        for copy in content.copies {
            guard let content = ledger.content(copy) else { continue }
            text += "\n    copy: inode \(content.inode)"
            for event in content.history.suffix(4) { text += "\n        \(seconds(event.time)) \(event.text)" }
        }
        return text
    }

    private func seconds(_ time: Int64) -> String {
        let milliseconds = (time - start) / MachineClock.millisecond
        return "\(milliseconds / 1000).\(String(1000 + milliseconds % 1000).dropFirst()) s"
    }
}
