// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import TestSupport

/// A service that logs so many lines a second, with a burst now and then, and rotates its file by renaming it. Nothing
/// that it wrote ever goes away.
final class SteadyWriter {
    private let plan: WriterPlan
    private let family: FileFamily
    private let line: LogLine
    /// Lines a second.
    private let rate: Int
    private let stop: StopFlag
    private var random: SplitMix64
    private let bytes = ByteArena(capacity: 64 << 10)
    private var number = 0
    private var rotations = 0

    private static let file = "app.log"
    /// Milliseconds between two writes.
    private static let tick = 20
    /// Seconds' worth of lines in a file, before it is rotated.
    private static let fileLength = 15

    init(_ writer: WriterPlan, plan: Plan, rate: Int, directory: String, ledger: Ledger, stop: StopFlag) {
        self.plan = writer
        self.rate = rate
        self.stop = stop
        family = FileFamily(directory: directory, ledger: ledger)
        line = LogLine(seed: plan.seed, format: writer.format, longest: plan.longestMessage)
        random = SplitMix64(seed: writer.seed)
    }

    /// Writes until it is told to stop.
    func run() throws {
        try family.follow(Self.file)
        let start = MachineClock.monotonic()
        // Lines that are not part of the steady flow.
        var extra = 0
        var nextBurst = start + pause()
        var rotation = rate * Self.fileLength
        repeat {
            let now = MachineClock.monotonic()
            if now >= nextBurst {
                let burst = rate / 2 + random.below(rate + 1)
                extra += burst
                nextBurst = now + pause()
            }
            let due = Int((now - start) / MachineClock.millisecond) * rate / 1000 + extra
            try write(until: due)
            if number >= rotation {
                rotations += 1
                rotation = number + rate * Self.fileLength
                try family.rename(Self.file, "\(Self.file).\(rotations)")
                try family.follow(Self.file)
            }
        } while stop.sleep(milliseconds: Self.tick)
    }

    private func pause() -> Int64 { Int64(6 + random.below(12)) * MachineClock.second }

    private func write(until due: Int) throws {
        guard number < due else { return }
        var starts: [Int64] = []
        while number + starts.count < due {
            starts.append(family.size + Int64(bytes.count))
            line.write(writer: plan.number, number: number + starts.count - 1, time: MachineClock.realTime(), to: bytes)
        }
        let content = family.content
        try family.write(bytes.view)
        bytes.removeAll()
        for start in starts { family.ledger.addLine(content: content, offset: start) }
        number += starts.count
    }
}
