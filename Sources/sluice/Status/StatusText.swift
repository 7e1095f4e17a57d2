// SPDX-License-Identifier: Apache-2.0

import SluiceAgent

/// A report for people.
struct StatusText {
    let screen: Screen

    /// What others read is not cut.
    private var width: Int? { screen.isInteractive ? screen.width - 1 : nil }

    func print(_ report: PipelineReport) {
        screen.heading(cut(title(report)))
        for output in report.outputs {
            guard let since = output.failingSince else { continue }
            let age = Figures.age(report.moment - since)
            screen.bad(cut("output \(output.name) has failed for \(age): \(output.failure ?? "")"))
        }
        for output in report.outputs where output.droppedDeadLetters > 0 {
            let count = Figures.count(Int(output.droppedDeadLetters))
            screen.bad(cut("output \(output.name): \(count) dead letters were dropped for want of room"))
        }
        for input in report.inputs where !input.isAnswering {
            screen.bad(cut("input \(input.name) does not answer: its thread waits for the file system"))
        }
        if !report.inputs.isEmpty {
            screen.print()
            printInputs(report)
        }
        if !report.outputs.isEmpty {
            screen.print()
            printOutputs(report)
        }
        screen.print()
        printFiles(report)
        screen.print()
    }

    private func title(_ report: PipelineReport) -> String {
        guard report.isRunning else { return "pipeline \(report.name): no agent answers; from its state" }
        let age = report.started.map { " for \(Figures.age(report.moment - $0))" } ?? ""
        let process = report.process.map { ", process \($0)" } ?? ""
        return "pipeline \(report.name): runs\(age)\(process), \(report.isHealthy ? "healthy" : "something fails")"
    }

    private func printInputs(_ report: PipelineReport) {
        var table = TextTable([
            .init(title: "INPUT"), .init(title: "LAG", isNumber: true), .init(title: "FOR", isNumber: true),
            .init(title: "OPEN", isNumber: true), .init(title: "WAITING", isNumber: true),
            .init(title: "FAILING", isNumber: true), .init(title: "EVENTS", isNumber: true),
            .init(title: "TRUNCATED", isNumber: true), .init(title: "ROTATED", isNumber: true),
        ])
        for input in report.inputs {
            table.add([
                input.name, Figures.bytes(Int(input.lag)), age(input.lag, input.unreadSince, report.moment),
                "\(input.open)", "\(input.waiting)", "\(input.failing)", Figures.count(input.events),
                "\(input.truncations)", "\(input.rotations)",
            ])
        }
        printLines(table)
    }

    private func printOutputs(_ report: PipelineReport) {
        var table = TextTable([
            .init(title: "OUTPUT"), .init(title: "UNACKNOWLEDGED", isNumber: true),
            .init(title: "QUEUED", isNumber: true),
            .init(title: "IN FLIGHT", isNumber: true), .init(title: "DELIVERED", isNumber: true),
            .init(title: "LAST", isNumber: true), .init(title: "RETRIES", isNumber: true),
            .init(title: "DEAD LETTERS", isNumber: true),
        ])
        for output in report.outputs {
            let last = output.lastDelivered.map { Figures.age(report.moment - $0) + " ago" } ?? "-"
            table.add([
                output.name, Figures.bytes(Int(output.unacknowledged)), "\(output.queued)", "\(output.inFlight)",
                Figures.count(output.delivered), last, Figures.count(output.retries),
                Figures.count(Int(output.deadLetters))
                    + (output.deadLetters > 0 ? ", \(Figures.bytes(Int(output.deadLetterBytes)))" : ""),
            ])
        }
        printLines(table)
        for queue in report.queues where queue.bytes > 0 {
            let bytes = Figures.bytes(Int(queue.bytes))
            screen.print(cut("queue of input \(queue.name): \(bytes) on the disk"))
        }
        for output in report.outputs {
            // Of one host, the output says it all.
            if output.hosts.count > 1 { for host in output.hosts { print(host, of: output) } }
            for limit in output.limits {
                let counts = [
                    (limit.truncated, "cut"), (limit.dropped, "dropped"), (limit.deadLetters, "kept as dead letters"),
                ]
                let words = counts.filter { $0.0 > 0 }.map { "\(Figures.count($0.0)) \($0.1)" }
                screen.print(
                    cut("output \(output.name), events beyond \(limit.name): " + words.joined(separator: ", "))
                )
            }
        }
    }

    private func print(_ host: HostReport, of output: OutputReport) {
        let failures = host.failures > 0 ? ", \(Figures.count(host.failures)) failed" : ""
        let text =
            "output \(output.name), host \(host.name): \(Figures.count(host.requests)) requests\(failures), "
            + "\(host.inFlight) of at most \(host.limit) under way"
        if host.isHealthy { return screen.print(cut(text)) }
        screen.bad(cut(text + "; it is set aside because it fails"))
    }

    private func printFiles(_ report: PipelineReport) {
        if report.files.isEmpty { return screen.print("no files") }
        var table = TextTable([
            .init(title: "LAG", isNumber: true), .init(title: "FOR", isNumber: true), .init(title: "STATE"),
            .init(title: "FILE", isFlexible: true), .init(title: "SIZE", isNumber: true),
            .init(title: "READ", isNumber: true), .init(title: "LAST READ", isNumber: true),
            .init(title: "WHY", isOptional: true), .init(title: "ACKNOWLEDGED", isOptional: true),
            .init(title: "GENERATION", isOptional: true), .init(title: "DEVICE:INODE", isOptional: true),
        ])
        for file in report.files {
            let acknowledged = file.acknowledged.keys.sorted().map { "\($0)=\(file.acknowledged[$0] ?? 0)" }
            let identity = file.device.map { "\($0):\(file.inode ?? 0)" } ?? "-"
            let doubt = file.doubt.map { "may be repeated: \($0)" } ?? ""
            table.add([
                Figures.bytes(Int(file.lag)), age(file.lag, file.unreadSince, report.moment), file.state.words,
                file.path,
                file.size.map { "\($0)" } ?? "-", "\(file.read)",
                file.lastRead.map { Figures.age(report.moment - $0) + " ago" } ?? "-",
                [file.why, doubt].filter { !$0.isEmpty }.joined(separator: "; "),
                acknowledged.isEmpty ? "-" : acknowledged.joined(separator: " "), file.generation ?? "-", identity,
            ])
        }
        printLines(table)
        if report.files.count < report.fileCount {
            screen.print(
                cut(
                    "\(Figures.count(report.files.count)) of \(Figures.count(report.fileCount)) files, the most lagging "
                        + "first; --all shows all"
                )
            )
        }
    }

    private func age(_ lag: Int64, _ since: Int64?, _ moment: Int64) -> String {
        guard lag > 0, let since else { return "-" }
        return Figures.age(moment - since)
    }

    private func printLines(_ table: TextTable) {
        for line in table.lines(width: width) { screen.print(line) }
    }

    private func cut(_ text: String) -> String { width.map { TextTable.cut(text, $0) } ?? text }
}
