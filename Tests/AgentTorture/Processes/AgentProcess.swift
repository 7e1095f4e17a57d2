// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// `sluice run`, in one life after another.
final class AgentProcess: Sendable {
    /// The pipeline's threads for parsing and compressing.
    static let processors = 2

    let folder: String
    private let timeline: Timeline
    private let variables: [String]
    private let command: String
    private let process = Mutex(Holder())
    private let starts = Atomic<Int>(0)

    private struct Holder {
        var process: ChildProcess?
    }

    /// - Parameter command: the path of `sluice`.
    init(folder: String, timeline: Timeline, variables: [String] = [], command: String = ChildProcess.sluicePath) {
        self.folder = folder
        self.timeline = timeline
        self.variables = variables
        self.command = command
    }

    var stateFolder: String { folder + "/state" }
    var statePath: String { stateFolder + "/torture/state.db" }
    var lives: Int { starts.load(ordering: .relaxed) }
    var logPath: String { "\(folder)/agent-\(lives).log" }

    func start() throws(Failure) {
        let number = starts.add(1, ordering: .relaxed).newValue
        let child = try ChildProcess(
            [
                command, "run", folder + "/pipeline.yml", "--state", stateFolder,
                "--listen", "127.0.0.1:0", "--log-level", "debug", "--end-with-input",
            ],
            output: .file("\(folder)/agent-\(number).log"),
            variables: variables
        )
        process.withLock { $0.process = child }
        timeline.started()
    }

    var identifier: pid_t? { process.withLock { $0.process?.identifier } }

    /// The status that it ended with by itself; nil while it runs.
    var unexpectedEnd: Int32? {
        process.withLock { holder in
            guard let process = holder.process, !process.isRunning else { return nil }
            return process.status
        }
    }

    func send(signal: Int32) {
        process.withLock { $0.process?.send(signal: signal) }
    }

    func kill() {
        timeline.ended()
        process.withLock { holder in
            holder.process?.kill()
            holder.process = nil
        }
    }

    /// Asks it to end, and waits.
    ///
    /// - Returns: its status; nil if it did not end.
    func terminate(milliseconds: Int) -> Int32? {
        timeline.ended()
        let child = process.withLock { holder in
            defer { holder.process = nil }
            holder.process?.send(signal: SIGTERM)
            return holder.process
        }
        return child?.wait(milliseconds: milliseconds)
    }

    /// At which it serves its metrics, once its log says that its pipeline runs.
    var port: Int? {
        let log = TextFile.read(logPath)
        guard log.contains("pipeline runs"), let mark = log.firstRange(of: "\"address\":\"127.0.0.1:") else {
            return nil
        }
        return Int(log[mark.upperBound...].prefix { $0.isNumber })
    }

    /// How many descriptors it has open.
    var openDescriptors: Int {
        guard let identifier, let stream = unsafe opendir("/proc/\(identifier)/fd") else { return 0 }
        defer { unsafe closedir(stream) }
        var count = 0
        while unsafe readdir(stream) != nil { count += 1 }
        // Two of the names are not descriptors.
        return max(0, count - 2)
    }

    /// Limits what the running process may have; nil gives back what it had.
    ///
    /// - Parameter resource: as the command `prlimit` calls it.
    func limit(_ resource: String, to value: Int?) {
        guard let identifier else { return }
        // The soft limit alone, so that it can be raised again.
        let text = value.map { String($0) } ?? (resource == "nofile" ? "1024" : "unlimited")
        let command = try? ChildProcess(
            ["/usr/bin/env", "prlimit", "--pid", String(identifier), "--\(resource)=\(text):"],
            output: .file(folder + "/prlimit.log")
        )
        _ = command?.wait(milliseconds: 5000)
    }
}
