// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Steady writers, one agent with three outputs, and bad weather between them; then has everything checked.
///
/// `agent-torture weather --directory DIR [--seconds N] [--seed N] [--rate N] [--recovery SECONDS] [--only NAMES]
/// [--except NAMES] [--sluice PATH]`
final class WeatherDriver {
    /// Without anything new for this long, in nanoseconds, nothing is waited for any more: each output is tried every
    /// second, and has three to answer.
    private static let patience = 20 * MachineClock.second
    private static let writers = 4
    /// Milliseconds in which everything gets going, before there is any weather.
    private static let warmUp = 2000
    /// Descriptors that an agent may have beside those that it began with: connections to each host, and files that
    /// rotation left behind not long ago.
    private static let spareDescriptors = 20

    private let root: String
    private let plan: Plan
    private let forecast: Forecast
    private let rate: Int
    /// Seconds in which each output has to flow again; 0: whatever it takes.
    private let recovery: Int
    private let command: String
    private let findings = Findings()
    private let timeline = Timeline()
    private let ledgers: [Ledger]
    private let start = MachineClock.monotonic()
    private var barograph: Barograph
    private var nextWord: Int64 = 0

    init(_ options: Options) throws(Failure) {
        root = try options.emptyDirectory("directory")
        var anything = SystemRandomNumberGenerator()
        let seed = UInt64(try options.number("seed", default: Int.random(in: 1...999_999_999, using: &anything)))
        let writers = (0..<Self.writers).map { number in
            WriterPlan(
                number: number,
                style: .rename,
                format: LineFormat.allCases[number % LineFormat.allCases.count],
                staysInPattern: true,
                seed: seed ^ UInt64(number + 1) << 32,
                keeps: 0
            )
        }
        let seconds = try options.number("seconds", default: 60)
        // Lines that every destination takes.
        plan = Plan(seed: seed, seconds: seconds, writers: writers, torments: [], longestMessage: 4000)
        let (only, except) = (try Self.kinds(options.names("only")), try Self.kinds(options.names("except")))
        let chosen = (only.isEmpty ? Front.Kind.allCases : only).filter { !except.contains($0) }
        forecast = Forecast(seed: seed, seconds: seconds, chosen: chosen)
        rate = max(Self.writers, try options.number("rate", default: 2000))
        recovery = try options.number("recovery", default: 0)
        command = options.text("sluice", default: ChildProcess.sluicePath)
        ledgers = plan.writers.map { _ in Ledger() }
        barograph = Barograph(rate: rate)
    }

    private static func kinds(_ names: [String]) throws(Failure) -> [Front.Kind] {
        try names.map { name throws(Failure) in
            guard let kind = Front.Kind(rawValue: name) else {
                throw Failure("there is no weather '\(name)'; `agent-torture list` lists it")
            }
            return kind
        }
    }

    /// - Returns: whether all went well.
    func run() throws -> Bool {
        Console.say("TORTURE_SEED=\(plan.seed) TORTURE_SECONDS=\(plan.seconds): \(rate) lines a second in \(root)")
        let receiver = try ReceiverProcess(folder: root)
        let stopDoors = StopFlag()
        defer { stopDoors.set() }
        let doors = try Doors(plan, receiver, folder: root, findings: findings, stop: stopDoors)
        try TextFile.write(
            WeatherPipeline.text(
                root: root,
                lokiPort: doors.loki.port,
                authority: doors.certificates?.authority,
                hosts: doors.hosts.map(\.port),
                logstashPort: doors.logstash.port
            ),
            root + "/pipeline.yml"
        )
        let agent = AgentProcess(folder: root, timeline: timeline, command: command)
        unsafe mkdir(agent.stateFolder, 0o700)
        let disk = SmallDisk(folder: agent.stateFolder)
        if disk == nil { findings.remark("nothing can be mounted here: instead of a full disk, files may not grow") }
        try agent.start()
        let arrivals = Arrivals(folder: root, plan: plan, findings: findings)
        let stopSampling = StopFlag()
        let sampler = Sampler(agent: agent, timeline: timeline, stop: stopSampling)
        let sampling = try BackgroundThread { sampler.run() }
        let station = WeatherStation(
            forecast,
            doors: doors,
            agent: agent,
            disk: disk,
            findings: findings,
            stop: StopFlag()
        )
        let descriptors = try runWriters(agent, station, arrivals, doors)
        let end = MachineClock.monotonic()

        try drain(arrivals, doors, agent)
        let ending = WeatherEnding(root: root, plan: plan, agent: agent, findings: findings)
        let left = ending.checkDescriptors(allowed: descriptors + Self.spareDescriptors)
        ending.checkCounters()
        try ending.checkState(arrivals)
        stopSampling.set()
        sampling.join()
        if sampler.peakKibibytes > Driver.memoryBound {
            findings.fault("memory", "\(sampler.peakKibibytes) KiB, and \(Driver.memoryBound) are allowed")
        }
        let checker = Checker(
            plan: plan,
            ledgers: ledgers,
            timeline: timeline,
            arrivals: arrivals,
            findings: findings,
            start: start
        )
        let report = WeatherReport(
            plan: plan,
            barograph: barograph,
            spells: station.spells,
            recoveries: barograph.recoveries(station.spells, end: end),
            start: start,
            findings: findings,
            root: root
        )
        try report.writeReadings()
        report.write()
        report.check(seconds: recovery)
        var verdict = Verdict()
        for (_, part) in checker.check() { verdict += part }
        report.write(verdict, logstash: checkLogstash(doors.logstash.account, station.kills))
        report.write(agent, sampler.peakKibibytes, descriptors: (descriptors, left))
        withExtendedLifetime((receiver, disk)) {}
        return report.end()
    }

    // MARK: The run

    /// - Returns: how many descriptors the agent had before there was any weather.
    private func runWriters(
        _ agent: AgentProcess,
        _ station: WeatherStation,
        _ arrivals: Arrivals,
        _ doors: Doors
    ) throws -> Int {
        let stopWriters = StopFlag()
        let writing = try plan.writers.map { try startWriter($0, stopWriters) }
        let begun = MachineClock.monotonic()
        while MachineClock.monotonic() - begun < Int64(Self.warmUp) * MachineClock.millisecond {
            look(arrivals, doors)
        }
        let descriptors = agent.openDescriptors
        let weather = try BackgroundThread { station.run() }
        while !station.isOver { look(arrivals, doors) }
        weather.join()
        stopWriters.set()
        for thread in writing { thread.join() }
        return descriptors
    }

    private func startWriter(_ writer: WriterPlan, _ stop: StopFlag) throws -> BackgroundThread {
        let directory = PipelineFile.folder(root, writer)
        var made = ""
        for part in directory.split(separator: "/") {
            made += "/" + part
            unsafe mkdir(made, 0o755)
        }
        let writing = Moved(
            SteadyWriter(
                writer,
                plan: plan,
                rate: rate / Self.writers,
                directory: directory,
                ledger: ledgers[writer.number],
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

    /// Reads what has arrived, after a moment.
    private func look(_ arrivals: Arrivals, _ doors: Doors) {
        MachineClock.sleep(milliseconds: 50)
        try? arrivals.readNew()
        let reading = Reading(
            time: MachineClock.monotonic(),
            written: ledgers.reduce(0) { $0 + $1.lineCount },
            arrived: WeatherOutput.allCases.map { $0.destination.map(arrivals.total) ?? doors.logstash.total }
        )
        barograph.note(reading)
        if reading.time > nextWord {
            nextWord = reading.time + 5 * MachineClock.second
            let counts = zip(WeatherOutput.allCases, reading.arrived).map { "at \($0.rawValue) \($1)" }
            let seconds = (reading.time - start) / MachineClock.second
            Console.say("\(seconds) s  written \(reading.written)  " + counts.joined(separator: "  "))
        }
    }

    // MARK: The end

    /// Waits until everything has arrived, or nothing comes any more.
    private func drain(_ arrivals: Arrivals, _ doors: Doors, _ agent: AgentProcess) throws {
        var lastArrived: [Int] = []
        var lastChange = MachineClock.monotonic()
        while MachineClock.monotonic() - lastChange < Self.patience {
            look(arrivals, doors)
            guard let reading = barograph.readings.last else { return }
            if reading.arrived != lastArrived {
                lastArrived = reading.arrived
                lastChange = reading.time
            } else if reading.time - lastChange > MachineClock.second, (lastArrived.min() ?? 0) >= reading.written {
                break
            }
        }
        try arrivals.readDeadLetters(agent.statePath)
    }

    /// - Returns: how many lines did not come, came twice for no reason, and came again with one.
    private func checkLogstash(_ account: LogstashAccount, _ kills: [Int64]) -> (lost: Int, twice: Int, again: Int) {
        var lost = 0
        for writer in plan.writers {
            for number in 0..<ledgers[writer.number].lineCount where !account.has(writer.number, number) {
                lost += 1
                findings.fault("lost", "line \(number) of \(writer.label) at logstash")
            }
        }
        // Acknowledgements are committed together; a busy machine, or one with a full disk a moment ago, takes its time.
        let forgotten = kills.map { Span(start: $0 - 3 * MachineClock.second, end: $0) }
        let (wrong, excused) = account.repeats(forgotten: forgotten)
        for line in wrong {
            findings.fault(
                "twice",
                "line \(line.number) of writer \(line.writer) at logstash, which had acknowledged it"
            )
        }
        return (lost, wrong.count, excused)
    }
}
