// SPDX-License-Identifier: Apache-2.0

/// What a person reads in the end.
struct WeatherReport {
    let plan: Plan
    let barograph: Barograph
    let spells: [Spell]
    let recoveries: [Recovery]
    /// When the run began, on the monotonic clock.
    let start: Int64
    let findings: Findings
    let root: String

    // MARK: Recovery

    /// How soon throughput was back, by kind of weather.
    func write() {
        Console.say("")
        Console.say("                                             arrived   flowing again      caught up")
        Console.say("weather                             times  meanwhile   median  worst   median  worst")
        var labels: [String] = []
        for spell in spells where !labels.contains(spell.front.label) { labels.append(spell.front.label) }
        for label in labels.sorted() {
            let those = spells.filter { $0.front.label == label }
            write(
                label,
                times: those.count,
                passages: those.flatMap { spell in
                    WeatherOutput.allCases.filter { spell.front.target.includes($0) }
                        .compactMap { barograph.passage(spell, $0) }
                },
                recoveries.filter { $0.spells.contains { $0.front.label == label } }
            )
        }
        write("elsewhere", times: nil, passages: [], recoveries.filter(\.spells.isEmpty))
        let hit = recoveries.filter { !$0.spells.isEmpty }
        write("all", times: spells.count, passages: [], hit)
        Console.say(
            """

            flowing again: from the end of all bad weather until lines began to arrive as fast as they are written (for \
            1.5 s, and never 0.4 s behind); caught up: until no more than a second's lines were waiting. Readings came \
            \(Distribution.text(barograph.longestGap)) apart at most: nothing is known more exactly.
            """
        )
        let slowest = recoveries.sorted { $0.time > $1.time }.prefix(5)
        for recovery in slowest where recovery.time > MachineClock.second {
            Console.say("\(Distribution.text(recovery.time)): \(describe(recovery))")
        }
    }

    /// Leaves what was read, and when there was what weather, for whoever wants to know more.
    func writeReadings() throws {
        var text = "milliseconds,written," + WeatherOutput.allCases.map(\.rawValue).joined(separator: ",") + "\n"
        for reading in barograph.readings {
            let numbers = [Int((reading.time - start) / MachineClock.millisecond), reading.written] + reading.arrived
            text += numbers.map(String.init).joined(separator: ",") + "\n"
        }
        try TextFile.write(text, root + "/readings.csv")
        text = ""
        for spell in spells.sorted(by: { $0.start < $1.start }) {
            let times = [spell.start, spell.end].map { Distribution.text($0 - start) }
            text += "\(times.joined(separator: " to ")): \(spell.front.label)\n"
        }
        try TextFile.write(text, root + "/weather.txt")
    }

    /// Counts as faults what took longer, if there is a limit.
    func check(seconds: Int) {
        let limit = Int64(seconds) * MachineClock.second
        for recovery in recoveries where seconds > 0 && recovery.time > limit {
            findings.fault("recovery", "\(Distribution.text(recovery.time)): \(describe(recovery))")
        }
    }

    private func write(_ label: String, times: Int?, passages: [Double], _ recoveries: [Recovery]) {
        let flowing = Distribution(recoveries.map(\.time))
        let caughtUp = Distribution(recoveries.map { $0.caughtUp ?? $0.calm })
        let passage = passages.isEmpty ? "" : "\(Int(100 * passages.reduce(0, +) / Double(passages.count))) %"
        var text = padded(label, 36, isNumber: false) + padded(times.map(String.init) ?? "", 5) + padded(passage, 11)
        for time in [flowing.median, flowing.worst, caughtUp.median, caughtUp.worst] {
            text += padded(Distribution.text(time), time == flowing.median ? 9 : 8)
        }
        Console.say(text)
    }

    private func describe(_ recovery: Recovery) -> String {
        let weather = recovery.spells.map { "\($0.front.label) of \(Distribution.text($0.end - $0.start))" }
        let cause = weather.isEmpty ? "bad weather elsewhere" : weather.joined(separator: " and ")
        let isSeen = recovery.flowing == nil ? ", which did not flow again before the next," : ""
        let moment = Distribution.text(recovery.moment - start)
        return "\(recovery.output.rawValue)\(isSeen) after \(cause), over at \(moment)"
    }

    // MARK: Lines

    func write(_ verdict: Verdict, logstash: (lost: Int, twice: Int, again: Int)) {
        Console.say("")
        Console.say("written \(verdict.written)")
        for destination in Destination.allCases {
            let (lost, twice) = (verdict.lost[destination, default: 0], verdict.twice[destination, default: 0])
            Console.say("at \(destination.rawValue): lost \(lost), twice \(twice)")
        }
        Console.say(
            "at logstash: lost \(logstash.lost), twice \(logstash.twice); \(logstash.again) came again whose "
                + "acknowledgement was lost, as that protocol has it"
        )
    }

    func write(_ agent: AgentProcess, _ peakKibibytes: Int, descriptors: (before: Int, after: Int)) {
        Console.say(
            "agent: \(agent.lives) lives, \(peakKibibytes) KiB at most (\(Driver.memoryBound) allowed), "
                + "\(descriptors.before) descriptors before and \(descriptors.after) after"
        )
    }

    /// - Returns: whether all went well.
    func end() -> Bool {
        for remark in findings.remarks { Console.say("left out: \(remark)") }
        guard !findings.isEmpty else {
            Console.say("ok: TORTURE_SEED=\(plan.seed)")
            return true
        }
        for example in findings.examples { Console.say(example) }
        Console.say(
            "FAULTS: "
                + findings.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        )
        Console.say("What was written and read, the agent's logs and its state are in \(root).")
        Console.say("To see it again: make weather TORTURE_SECONDS=\(plan.seconds) TORTURE_SEED=\(plan.seed)")
        return false
    }

    private func padded(_ text: String, _ width: Int, isNumber: Bool = true) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return isNumber ? space + text : text + space
    }
}
