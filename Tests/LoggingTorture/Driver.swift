// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Starts writers, kills them, and checks what they leave.
struct Driver {
    private let options: Options
    private let root: String
    private let lines: Int
    private let threads: Int
    private let kills: Int
    private let processes: Int
    private let seed: UInt64

    init(_ options: Options) throws {
        self.options = options
        root = try options.text("directory")
        lines = try options.number("lines", default: 10_000_000)
        threads = try options.number("threads", default: 4)
        kills = try options.number("kills", default: 5)
        processes = try options.number("processes", default: 1)
        seed = UInt64(bitPattern: Int64(try options.number("seed", default: Int(time(nil)))))
        guard (kills + 1) * processes <= Ledger.maximumRuns, threads <= Ledger.maximumThreads else {
            throw Options.Failure(description: "too many kills, processes or threads")
        }
    }

    /// - Returns: whether all went well.
    func run() throws -> Bool {
        print("\(lines) lines by \(processes) x \(threads) threads, \(kills) kills, seed \(seed)")
        let rotation = try options.text("rotation", default: "all")
        let mode = try options.text("mode", default: "all")
        let size = try options.number("size", default: 10 << 20)
        var isGood = true
        for each in Scenario.Rotation.allCases where rotation == "all" || rotation == each.rawValue {
            for writing in Scenario.Mode.allCases where mode == "all" || mode == writing.rawValue {
                isGood = try run(Scenario(rotation: each, mode: writing, size: size)) && isGood
            }
        }
        return isGood
    }

    private func run(_ scenario: Scenario) throws -> Bool {
        let directory = "\(root)/\(scenario.rotation.rawValue)-\(scenario.mode.rawValue)"
        _ = unsafe mkdir(directory, 0o755)
        let ledgerPath = directory + "/ledger"
        let ledger = try Ledger(path: ledgerPath)
        var random = seed
        var written = 0
        var killed = 0
        var run = 0
        let start = time(nil)
        for round in 0...kills {
            let isLast = round == kills
            let quota = (lines - written) / processes
            var children: [pid_t] = []
            for _ in 0..<processes {
                children.append(try spawn(scenario, directory, ledgerPath, run: run + children.count, lines: quota))
            }
            if !isLast {
                random = Line.mixed(random)
                let share = lines / (kills + 1)
                // Anywhere in the round, its very beginning included.
                let limit = Int(random % UInt64(max(1, 2 * share)))
                waitUntil(ledger, run, children, limit)
            }
            for child in children {
                if !isLast, kill(child, SIGKILL) == 0 { killed += 1 }
                var status: Int32 = 0
                while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
                if isLast, status != 0 { throw Options.Failure(description: "a writer ended with status \(status)") }
            }
            for index in run..<(run + processes) { written += ledger.attempted(inRun: index) }
            run += processes
        }
        let seconds = time(nil) - start
        var checker = Checker(scenario, ledger, runs: run, threads: threads, kills: killed)
        try checker.check(directory: directory)
        print(
            "\(checker.faultCount == 0 ? "ok   " : "FAULT")  \(scenario.rotation.rawValue) \(scenario.mode.rawValue): "
                + "written \(written), acknowledged \(checker.acknowledged), in files \(checker.lines), "
                + "dropped and said \(checker.dropped), files \(checker.files), "
                + "compressed \(checker.compressed), \(seconds) s"
        )
        for fault in checker.faults { print("       \(fault)") }
        fflush(nil)
        if checker.faultCount == 0 { Self.remove(directory) }
        return checker.faultCount == 0
    }

    /// Waits until the runs have written so many lines, or ended.
    private func waitUntil(_ ledger: Ledger, _ run: Int, _ children: [pid_t], _ limit: Int) {
        while true {
            let runs = run..<(run + children.count)
            if runs.reduce(0, { $0 + ledger.attempted(inRun: $1) }) >= limit { return }
            if runs.allSatisfy({ ledger.hasEnded($0) }) { return }
            usleep(500)
        }
    }

    private func spawn(
        _ scenario: Scenario,
        _ directory: String,
        _ ledger: String,
        run: Int,
        lines: Int
    ) throws -> pid_t {
        let arguments =
            [CommandLine.arguments[0], "write", "--directory", directory, "--ledger", ledger]
            + ["--run", String(run), "--threads", String(threads), "--lines", String(lines)] + scenario.arguments
        var pointers = unsafe arguments.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        var child: pid_t = 0
        guard unsafe posix_spawn(&child, arguments[0], nil, nil, pointers, environ) == 0 else {
            throw Options.Failure(description: "cannot start \(arguments[0])")
        }
        return child
    }

    private static func remove(_ directory: String) {
        guard let stream = unsafe opendir(directory) else { return }
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            _ = unsafe unlink("\(directory)/\(name)")
        }
        unsafe closedir(stream)
        _ = unsafe rmdir(directory)
    }
}
