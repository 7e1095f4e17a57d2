// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import SluiceConfiguration
import UnixSignals

/// Runs a demo to its end, whatever that is, and clears up behind it.
struct DemoStage {
    let seconds: Int
    /// The folder to keep; nil for a temporary one.
    let keep: String?

    private enum End: Sendable {
        case over(isPerfect: Bool)
        case failed(DemoFailure)
        /// The number of a signal.
        case interrupted(Int32)
    }

    func run() async -> ExitCode {
        signal(SIGPIPE, SIG_IGN)
        let screen = Screen()
        let folder: DemoFolder
        let processes: DemoProcesses
        do throws(DemoFailure) {
            processes = try DemoProcesses()
            folder = try DemoFolder(keep, temporary: ProcessEnvironment.variables["TMPDIR"])
        } catch {
            Terminal.complain("\(error)")
            return ExitStatus.inputOutput
        }
        let demo = Demo(seconds: seconds, folder: folder, processes: processes, screen: screen)
        let end = await end(of: demo, processes)
        processes.endAll()
        return close(end, screen, folder)
    }

    /// Whatever comes first: the demo's own end, the end of one of its processes, or a signal.
    private func end(of demo: Demo, _ processes: DemoProcesses) async -> End {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
        return await withTaskGroup(of: End?.self) { group in
            group.addTask {
                for await signal in signals { return .interrupted(signal.rawValue) }
                return nil
            }
            group.addTask {
                do {
                    try await processes.supervise()
                } catch let failure as DemoFailure {
                    return .failed(failure)
                } catch {}
                return nil
            }
            group.addTask {
                do {
                    return .over(isPerfect: try await demo.run())
                } catch is CancellationError {
                    return nil
                } catch is Screen.Gone {
                    return .interrupted(SIGPIPE)
                } catch {
                    // If it failed because a process is gone, that is what to say.
                    try? await Task.sleep(for: .milliseconds(200))
                    return .failed(error as? DemoFailure ?? DemoFailure("\(error)"))
                }
            }
            var end: End?
            while end == nil, let next = await group.next() { end = next }
            group.cancelAll()
            return end ?? .interrupted(SIGTERM)
        }
    }

    private func close(_ end: End, _ screen: Screen, _ folder: DemoFolder) -> ExitCode {
        screen.finishChange()
        switch end {
        case .over(isPerfect: true):
            if !folder.isKept { folder.remove() }
            return .success
        case .over(isPerfect: false):
            Terminal.complain("what arrived is not what was written: see the totals; all files are in \(folder.path)")
            return ExitStatus.software
        case .failed(let failure):
            if let process = failure.process {
                Terminal.write("The last lines of the log of \(process.title):\n", to: 2)
                for line in LogTail.lines(process.logPath).suffix(8) { Terminal.write("  \(line)\n", to: 2) }
            }
            Terminal.complain(
                "the demo failed: \(failure); everything is ended, and all logs are in \(folder.path)/logs"
            )
            return ExitStatus.software
        case .interrupted(let signal):
            if !folder.isKept { folder.remove() }
            if signal != SIGPIPE { Terminal.complain("interrupted; everything that was started is ended") }
            return ExitCode(128 + signal)
        }
    }
}
