// SPDX-License-Identifier: Apache-2.0

import SluiceSQLite

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Starts everything, lets it run for its time, waits until all is delivered, and has it checked.
final class Driver {
    /// The most that the agent may have, in KiB: what it is without work, and the batches and bodies that it is allowed.
    static let memoryBound = 128 << 10
    /// Without anything new for this long, in nanoseconds, nothing is waited for any more.
    private static let patience = 30 * MachineClock.second

    private let root: String
    private let plan: Plan
    private let findings = Findings()
    private let timeline = Timeline()
    private let counts = TormentCounts()
    private let ledgers: [Ledger]
    private let start = MachineClock.monotonic()

    init(_ options: Options) throws(Failure) {
        root = try options.emptyDirectory("directory")
        plan = try Plan(options)
        ledgers = plan.writers.map { _ in Ledger() }
    }

    /// - Returns: whether all went well.
    func run() throws -> Bool {
        let styles = Style.allCases.filter { style in plan.writers.contains { $0.style == style } }
        Console.say(
            "TORTURE_SEED=\(plan.seed) TORTURE_SECONDS=\(plan.seconds): \(plan.writers.count) writers in \(root)"
        )
        Console.say("styles: " + styles.map(\.rawValue).joined(separator: " "))
        Console.say("torments: " + plan.torments.map(\.rawValue).joined(separator: " "))
        let receiver = try ReceiverProcess(folder: root)
        let stopProxies = StopFlag()
        defer { stopProxies.set() }
        let proxies = try [receiver.lokiPort, receiver.elasticsearchPort].enumerated().map { number, port in
            try FaultyProxy(upstreamPort: port, seed: plan.seed &+ UInt64(number) &+ 1, stop: stopProxies)
        }
        let pipeline = PipelineFile.text(
            root: root,
            lokiPort: proxies[0].port,
            elasticsearchPort: proxies[1].port
        )
        try TextFile.write(pipeline, root + "/pipeline.yml")
        let clock = plan.torments.contains(.clock) ? ClockShim(folder: root) : nil
        if plan.torments.contains(.clock), clock == nil {
            findings.remark("no C compiler, so the clock is not stepped")
        }
        let agent = AgentProcess(folder: root, timeline: timeline, variables: clock?.variables ?? [])
        unsafe mkdir(agent.stateFolder, 0o700)
        let disk = plan.torments.contains(.disk) ? SmallDisk(folder: agent.stateFolder) : nil
        if plan.torments.contains(.disk), disk == nil {
            findings.remark("nothing can be mounted here, so the state's disk is not filled")
        }
        try agent.start()

        let arrivals = Arrivals(folder: root, plan: plan, findings: findings)
        let stopSampling = StopFlag()
        let sampler = Sampler(agent: agent, timeline: timeline, stop: stopSampling)
        let sampling = try BackgroundThread { sampler.run() }
        try runWriters(agent, receiver, proxies, disk, clock, arrivals)
        // Nothing is in its way any more.
        if let status = agent.unexpectedEnd {
            findings.fault("end", "the agent ended by itself with \(status): \(agent.logPath)")
            timeline.ended()
            try agent.start()
        }
        let checker = Checker(
            plan: plan,
            ledgers: ledgers,
            timeline: timeline,
            arrivals: arrivals,
            findings: findings,
            start: start
        )
        try drain(checker, arrivals, agent)
        try checkEnd(agent, arrivals)
        stopSampling.set()
        sampling.join()
        let verdicts = checker.check()
        if sampler.peakKibibytes > Self.memoryBound {
            findings.fault("memory", "\(sampler.peakKibibytes) KiB, and \(Self.memoryBound) are allowed")
        }
        Report(plan: plan, findings: findings, counts: counts, verdicts: verdicts, root: root).write(
            deadLetters: arrivals.deadLetters,
            peakKibibytes: sampler.peakKibibytes,
            memoryBound: Self.memoryBound,
            lives: agent.lives
        )
        if disk != nil, !findings.isEmpty {
            // The mount goes, and what is in it is wanted.
            _ = try? ChildProcess(
                ["/usr/bin/env", "cp", "-r", agent.stateFolder, root + "/state-copy"],
                output: .file(root + "/cp.log")
            ).wait(milliseconds: 30_000)
        }
        withExtendedLifetime((receiver, disk)) {}
        return findings.isEmpty
    }

    // MARK: The run

    private func runWriters(
        _ agent: AgentProcess,
        _ receiver: ReceiverProcess,
        _ proxies: [FaultyProxy],
        _ disk: SmallDisk?,
        _ clock: ClockShim?,
        _ arrivals: Arrivals
    ) throws {
        let stopWriters = StopFlag()
        let stopTorments = StopFlag()
        let writing = try plan.writers.map { try startWriter($0, stopWriters) }
        var tormenting: [BackgroundThread] = []
        if plan.torments.contains(.network) {
            let maker = Moved(
                WeatherMaker(plan: plan, proxies: proxies, timeline: timeline, counts: counts, stop: stopTorments)
            )
            tormenting.append(try BackgroundThread { maker.value.run() })
        }
        let tormentor = Moved(
            Tormentor(
                plan: plan,
                agent: agent,
                receiver: receiver,
                timeline: timeline,
                findings: findings,
                counts: counts,
                disk: disk,
                clock: clock,
                stop: stopTorments
            )
        )
        tormenting.append(
            try BackgroundThread { [findings] in
                do {
                    try tormentor.value.run()
                } catch {
                    findings.fault("harness", "\(error)")
                }
            }
        )
        let end = start + Int64(plan.seconds) * MachineClock.second
        var nextWord: Int64 = 0
        while MachineClock.monotonic() < end {
            MachineClock.sleep(milliseconds: 300)
            try? arrivals.readNew()
            if MachineClock.monotonic() >= nextWord {
                say(arrivals)
                nextWord = MachineClock.monotonic() + 5 * MachineClock.second
            }
        }
        stopTorments.set()
        stopWriters.set()
        for thread in writing + tormenting { thread.join() }
    }

    private func startWriter(_ writer: WriterPlan, _ stop: StopFlag) throws -> BackgroundThread {
        let directory = PipelineFile.folder(root, writer)
        var made = ""
        for part in directory.split(separator: "/") {
            made += "/" + part
            unsafe mkdir(made, 0o755)
        }
        let writing = Moved(
            Writer(
                writer,
                seed: plan.seed,
                directory: directory,
                ledger: ledgers[writer.number],
                timeline: timeline,
                stop: stop
            )
        )
        return try BackgroundThread { [findings] in
            do {
                try writing.value.run()
            } catch {
                findings.fault("harness", "\(writer.label): \(error)")
            }
        }
    }

    private func say(_ arrivals: Arrivals) {
        let seconds = (MachineClock.monotonic() - start) / MachineClock.second
        let written = ledgers.reduce(0) { $0 + $1.lineCount }
        let counts = Destination.allCases.map { "at \($0.rawValue) \(arrivals.total($0))" }.joined(separator: "  ")
        Console.say("\(seconds) s  written \(written)  \(counts)  \(self.counts.description)")
    }

    // MARK: The end

    /// Waits until everything has arrived that has to, or nothing comes any more.
    private func drain(_ checker: Checker, _ arrivals: Arrivals, _ agent: AgentProcess) throws {
        var lastTotal = -1
        var lastChange = MachineClock.monotonic()
        var nextWord: Int64 = 0
        while MachineClock.monotonic() - lastChange < Self.patience {
            try arrivals.readNew()
            try arrivals.readDeadLetters(agent.statePath)
            let total = Destination.allCases.reduce(0) { $0 + arrivals.total($1) }
            let now = MachineClock.monotonic()
            if total != lastTotal {
                lastTotal = total
                lastChange = now
            } else if now - lastChange > 3 * MachineClock.second, checker.isComplete {
                return
            }
            if now > nextWord {
                say(arrivals)
                nextWord = now + 5 * MachineClock.second
            }
            MachineClock.sleep(milliseconds: 300)
        }
    }

    /// What the agent keeps, how it ends, and whether it starts again with nothing to do.
    private func checkEnd(_ agent: AgentProcess, _ arrivals: Arrivals) throws {
        let state = EndState(root: root, findings: findings)
        // It lets go of them when it next looks.
        let deadline = MachineClock.monotonic() + 30 * MachineClock.second
        var held: [String] = []
        repeat {
            MachineClock.sleep(milliseconds: 200)
            held = agent.identifier.map { state.deletedFilesHeld(by: $0) } ?? []
        } while !held.isEmpty && MachineClock.monotonic() < deadline
        for path in held { findings.fault("held", path) }
        checkStatus(agent)
        try state.checkState(agent.statePath, plan.writers.map { PipelineFile.folder(root, $0) })
        // What it knows is enough to send nothing again.
        try agent.start()
        MachineClock.sleep(milliseconds: 3000)
        checkStatus(agent)
        try arrivals.readNew()
        try arrivals.readDeadLetters(agent.statePath)
    }

    private func checkStatus(_ agent: AgentProcess) {
        let status = agent.terminate(milliseconds: 30_000)
        if status != 0 {
            findings.fault("status", "the agent ended with \(status.map(String.init) ?? "nothing"): \(agent.logPath)")
        }
    }
}
