// SPDX-License-Identifier: Apache-2.0

/// What a person reads in the end.
struct Report {
    let plan: Plan
    let findings: Findings
    let counts: TormentCounts
    let verdicts: [(style: Style, verdict: Verdict)]
    let root: String

    func write(deadLetters: Int, peakKibibytes: Int, memoryBound: Int, lives: Int) {
        Console.say("")
        Console.say("                        at Loki                            at Elasticsearch")
        Console.say("style          written  lost  twice     away tooshort      lost  twice     away tooshort")
        var sum = Verdict()
        for (style, verdict) in verdicts {
            Console.say(row(style.rawValue, verdict))
            sum += verdict
        }
        Console.say(row("all", sum))
        let grace = Timeline.readingTime / MachineClock.millisecond
        Console.say(
            """

            away: destroyed while no agent was there to look, or none that kept it lived on; tooshort: an agent was there, \
            but for less than \(grace) ms undisturbed. Neither could be had.
            torments: \(counts.description)
            agent: \(lives) lives, \(peakKibibytes) KiB at most (\(memoryBound) allowed), \(deadLetters) dead letters: lines \
            that no Loki takes
            """
        )
        for remark in findings.remarks { Console.say("left out: \(remark)") }
        guard !findings.isEmpty else {
            Console.say("ok: TORTURE_SEED=\(plan.seed)")
            return
        }
        for example in findings.examples { Console.say(example) }
        Console.say(
            "FAULTS: "
                + findings.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        )
        Console.say("What was written, the agent's logs and its state are in \(root).")
        Console.say("To see it again: make torture TORTURE_SECONDS=\(plan.seconds) TORTURE_SEED=\(plan.seed)")
    }

    private func row(_ name: String, _ verdict: Verdict) -> String {
        var text = padded(name, 13, isNumber: false) + padded(String(verdict.written), 9)
        for destination in Destination.allCases {
            let (lost, twice) = (verdict.lost[destination, default: 0], verdict.twice[destination, default: 0])
            text += padded(String(lost), 6) + padded(String(twice), 7)
            text += padded(String(verdict.away[destination, default: 0]), 9)
            text += padded(String(verdict.tooShort[destination, default: 0]), 9) + "    "
        }
        return text
    }

    private func padded(_ text: String, _ width: Int, isNumber: Bool = true) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return isNumber ? space + text : text + space
    }
}
