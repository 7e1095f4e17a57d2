// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent

/// `sluice status`
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says what an agent is doing, file by file, the most lagging first.",
        discussion: """
            Asks the agent that runs on the state directory, or the one that serves telemetry at --listen. Where no agent \
            runs, the state is read instead, and the exit status is 69. It is 75 if an agent answers and an output or a \
            file fails, and 0 if all is well.

            LAG is what some output has not said yes to; FOR is how long the oldest of it has been there. What is in a queue \
            on the disk is no lag of its file any more, and has a line of its own.
            """
    )

    @Option(
        help: """
            The directory that progress is kept in. (default: /var/lib/sluice for root, otherwise ~/.local/state/sluice)
            """,
        completion: .directory
    )
    var state: String?

    @Option(help: "Ask the agent that was started with this --listen, such as 127.0.0.1:9600.")
    var listen: ListenAddress?

    @Option(help: "Only the pipeline of this name.")
    var pipeline: String?

    @Flag(help: "All files, and not only the 20 with the most lag.")
    var all = false

    @Flag(help: "JSON, for programs: sizes and offsets in bytes, times in nanoseconds since 1970.")
    var json = false

    func validate() throws {
        if state != nil, listen != nil { throw ValidationError("--state and --listen say both whom to ask: keep one") }
    }

    func run() async throws {
        let source = StatusSource(limit: all ? nil : TelemetryServer.fileLimit)
        var reports: [PipelineReport]
        if let listen {
            do {
                reports = try await source.ask(listen)
            } catch {
                Terminal.complain(
                    "no agent answers at \(listen) (\(error)): start it with this --listen, or name its state directory "
                        + "with --state"
                )
                throw ExitStatus.unavailable
            }
        } else {
            reports = try await fromState(state ?? StateLocation.standard, source)
        }
        if let pipeline {
            reports.removeAll { !StatePipelines.Folder.name($0.name, belongsTo: pipeline) }
            if reports.isEmpty {
                Terminal.complain("no pipeline is named '\(pipeline)': 'sluice status' without --pipeline lists all")
                throw ExitStatus.usage
            }
        }
        if json {
            Terminal.print(PipelineReport.json(reports))
        } else {
            let text = StatusText(screen: Screen())
            for report in reports { text.print(report) }
        }
        if reports.contains(where: { !$0.isRunning }) { throw ExitStatus.unavailable }
        if reports.contains(where: { !$0.isHealthy }) { throw ExitStatus.failing }
    }

    private func fromState(_ directory: String, _ source: StatusSource) async throws -> [PipelineReport] {
        do {
            let folders = try StatePipelines.all(in: directory)
            if folders.isEmpty {
                Terminal.complain(
                    "no agent has run on '\(directory)': name its state directory with --state, as 'sluice run' was told"
                )
                throw ExitStatus.unavailable
            }
            var reports: [PipelineReport] = []
            for folder in folders where pipeline.map({ folder.belongs(to: $0) }) ?? true {
                reports += try await source.report(folder)
            }
            return reports
        } catch let error as StateError {
            Terminal.complain("\(error)")
            throw ExitStatus.inputOutput
        }
    }
}
