// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import TestSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A service that logs: in bursts, with pauses, sometimes half a line at a time, and rotates its file.
///
/// Belongs to its thread, but for the ledger and the timeline.
final class Writer {
    static let file = "app.log"

    let plan: WriterPlan
    let family: FileFamily
    let timeline: Timeline
    let stop: StopFlag
    var random: SplitMix64
    private let line: LogLine
    private let bytes = ByteArena(capacity: 4096)
    private var number = 0
    /// How often the file was rotated.
    var rotations = 0
    /// Lines since the last rotation, and how many there are to be.
    private var linesOfFile = 0
    private var rotation = 0
    private var appenders: AppenderGroup?

    init(_ plan: WriterPlan, seed: UInt64, directory: String, ledger: Ledger, timeline: Timeline, stop: StopFlag) {
        self.plan = plan
        self.timeline = timeline
        self.stop = stop
        family = FileFamily(directory: directory, ledger: ledger)
        line = LogLine(seed: seed, format: plan.format)
        random = SplitMix64(seed: plan.seed)
    }

    /// Writes until it is told to stop.
    func run() throws {
        if plan.style == .processes { appenders = try AppenderGroup(plan: plan, seed: line.seed, family: family) }
        try family.make(Self.file)
        try reopen()
        rotation = nextRotation()
        while !stop.isSet {
            try write(lines: burst())
            if linesOfFile >= rotation, mayRotate() {
                try rotate()
                linesOfFile = 0
                rotations += 1
                rotation = nextRotation()
            }
            stop.sleep(milliseconds: pause())
        }
        appenders?.end()
    }

    private func burst() -> Int { random.below(60) == 0 ? 500 + random.below(2500) : 1 + random.below(30) }

    private func pause() -> Int {
        switch random.below(50) {
        case 0: 1000 + random.below(3000)
        case 1..<10: 0
        default: 20 + random.below(400)
        }
    }

    private func nextRotation() -> Int { random.below(4) == 0 ? 5 + random.below(40) : 100 + random.below(900) }

    /// A file that leaves the pattern before any agent has seen the first one is none of the agent's business.
    private func mayRotate() -> Bool {
        if plan.staysInPattern || rotations > 0 { return true }
        return family.ledger.line(0).map { canBeHad($0, staysOpen: true) } ?? false
    }

    /// Whether the agent, if it lives on, will deliver all that was written.
    var canBeHad: Bool { family.ledger.line(number - 1).map { canBeHad($0, staysOpen: false) } ?? true }

    private func canBeHad(_ line: WrittenLine, staysOpen: Bool) -> Bool {
        let now = MachineClock.monotonic()
        return timeline.reach(written: line.time, destroyed: now, staysOpen: staysOpen) == .reachable
    }

    func writeHalfALine() throws {
        bytes.removeAll()
        line.write(writer: plan.number, number: number, time: MachineClock.realTime(), to: bytes)
        try family.write(bytes.view(0..<random.below(bytes.count)))
    }

    /// Writing goes on in the file of the usual name.
    func reopen() throws {
        try family.follow(Self.file)
        try appenders?.reopen()
    }

    /// Writes some lines to the file that is open.
    func write(lines count: Int) throws {
        linesOfFile += count
        if let appenders {
            try appenders.write(lines: count, from: &number)
            return
        }
        for _ in 0..<count {
            bytes.removeAll()
            line.write(writer: plan.number, number: number, time: MachineClock.realTime(), to: bytes)
            let offset = family.size
            if random.below(30) == 0 {
                let cut = random.below(bytes.count)
                try family.write(bytes.view(0..<cut))
                // Long enough to be seen, at times.
                if random.below(3) == 0 { MachineClock.sleep(milliseconds: random.below(600)) }
                try family.write(bytes.view(cut..<bytes.count))
            } else {
                try family.write(bytes.view)
            }
            family.ledger.addLine(content: family.content, offset: offset)
            number += 1
        }
    }
}
