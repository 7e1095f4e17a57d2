// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import UnixSignals

/// `sluice demo-service`: the service of the demo, a process of its own.
struct DemoServiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo-service",
        abstract: "The service that 'sluice demo' runs.",
        shouldDisplay: false
    )

    @Option(help: "Where app.log is written.")
    var directory: String

    @Option(help: "Requests a second, on the average.")
    var rate: Double

    @Option(help: "The size at which the file is changed for a new one.")
    var maximumBytes: Int

    @OptionGroup var parent: ParentWatch

    func run() async throws {
        parent.start()
        let (directory, rate, maximumBytes) = (directory, rate, maximumBytes)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let work = Task {
            let service = try PredictionService(directory: directory, maximumBytes: maximumBytes)
            await service.run(rate: rate)
        }
        let watching = Task {
            for await _ in signals { work.cancel() }
        }
        defer { watching.cancel() }
        do {
            try await work.value
        } catch {
            Terminal.complain("\(error)")
            throw ExitStatus.inputOutput
        }
    }
}
