// SPDX-License-Identifier: Apache-2.0

/// What was read from time to time, and what follows from it. Decides alone: no clock, no files.
struct Barograph: Sendable {
    /// An output flows when for so long, in nanoseconds,
    private static let window = 1500 * MachineClock.millisecond
    /// it never falls behind the writers' rate by what is written in this time: lines come in batches.
    private static let slack = 400 * MachineClock.millisecond

    private(set) var readings: [Reading] = []
    /// Lines a second.
    let rate: Int

    init(rate: Int) { self.rate = rate }

    mutating func note(_ reading: Reading) { readings.append(reading) }

    /// The longest time between two readings, in nanoseconds: where this is long, the machine was busy with other things.
    var longestGap: Int64 { zip(readings, readings.dropFirst()).map { $1.time - $0.time }.max() ?? 0 }

    /// What became of each output after each time of bad weather, that of the agent and all outputs taken together:
    /// one that stands still holds the others back in the end.
    ///
    /// - Parameter end: when there was nothing more to see.
    func recoveries(_ spells: [Spell], end: Int64) -> [Recovery] {
        let ordered = spells.sorted { $0.start < $1.start }
        var groups: [[Spell]] = []
        for spell in ordered {
            if let last = groups.last?.map(\.end).max(), spell.start <= last {
                groups[groups.count - 1].append(spell)
            } else {
                groups.append([spell])
            }
        }
        var found: [Recovery] = []
        for (place, group) in groups.enumerated() {
            guard let moment = group.map(\.end).max() else { continue }
            let next = place + 1 < groups.count ? groups[place + 1].map(\.start).min() ?? end : end
            for (number, output) in WeatherOutput.allCases.enumerated() {
                found.append(
                    Recovery(
                        output: output,
                        spells: group.filter { $0.front.target.includes(output) },
                        moment: moment,
                        flowing: flow(number, from: moment, to: next).map { $0 - moment },
                        caughtUp: readings.first {
                            $0.time >= moment && $0.time < next && $0.written - $0.arrived[number] <= rate
                        }.map { $0.time - moment },
                        calm: next - moment
                    )
                )
            }
        }
        return found
    }

    /// When an output began to flow.
    private func flow(_ output: Int, from start: Int64, to end: Int64) -> Int64? {
        let part = readings.filter { $0.time >= start && $0.time < end }
        for first in part.indices.dropFirst() where part[first].arrived[output] > part[first - 1].arrived[output] {
            for reading in part[first...] {
                let span = reading.time - part[first].time
                if span >= Self.window { return part[first].time }
                let arrived = Int64(reading.arrived[output] - part[first - 1].arrived[output])
                if arrived * MachineClock.second < Int64(rate) * (span - Self.slack) { break }
            }
        }
        return nil
    }

    /// The part of what was written during a spell that arrived during it, at an output.
    func passage(_ spell: Spell, _ output: WeatherOutput) -> Double? {
        guard let number = WeatherOutput.allCases.firstIndex(of: output),
            let first = readings.last(where: { $0.time <= spell.start }),
            let last = readings.last(where: { $0.time <= spell.end }), last.written > first.written
        else { return nil }
        return Double(last.arrived[number] - first.arrived[number]) / Double(last.written - first.written)
    }
}
