// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Logging
import SluiceAgent
import SluiceEvents

/// `sluice deadletters retry NUMBER... --pipeline CONFIG`
struct DeadLettersRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Sends dead letters again, to the output that refused them.",
        discussion: """
            Their texts go through the pipeline's parser and processors as they are configured now, with the ids and times \
            that they had. What arrives is taken away, in the transaction that notes it; what is refused again stays, \
            with the new reason. An agent may run meanwhile. Exits 0 if all of it has arrived, and 69 otherwise.
            """
    )

    @OptionGroup var selection: DeadLetterSelection

    @OptionGroup var secrets: KeystoreOptions

    @Option(
        name: .customLong("pipeline"),
        help: "The pipeline file that they go through.",
        completion: .file(extensions: ["yml", "yaml"])
    )
    var configuration: String

    @Option(
        help: """
            The directory that progress is kept in. (default: /var/lib/sluice for root, otherwise ~/.local/state/sluice)
            """,
        completion: .directory
    )
    var state: String?

    @Option(help: "Give up on an output that does not answer, or not now, after this many seconds.")
    var timeout: Double = 60

    func validate() throws {
        guard timeout > 0, timeout < 1e9 else { throw ValidationError("--timeout takes a number of seconds above 0") }
    }

    func run() async throws {
        let variables = try secrets.variables(state: state)
        let problems = ConfigurationProblems()
        let pipelines = PipelineFile.load([configuration], variables: variables, problems: problems)
        guard problems.isEmpty, let pipeline = pipelines.first else {
            PipelineFile.complain(problems)
            throw ExitStatus.configuration
        }
        let directory = state ?? StateLocation.standard
        let chosen = try StateFailure.reported { try choose(pipeline, in: directory) }
        if chosen.isEmpty { return Terminal.print("there are no such dead letters") }
        AgentLog.start(.warning)
        let logger = Logger(label: "sluice.deadletters")
        var result = DeadLetterRetry.Result()
        for (box, letters) in chosen {
            let retry = DeadLetterRetry(pipeline, box: box, timeout: Int64(timeout * 1e9), logger: logger)
            do {
                result.add(try await retry.run(letters))
            } catch {
                Terminal.complain("\(error)")
                throw ExitStatus.inputOutput
            }
        }
        var words = ["\(Figures.count(result.delivered)) dead letters have arrived"]
        if result.refused > 0 { words.append("\(Figures.count(result.refused)) were refused again, and stay") }
        if result.left > 0 { words.append("\(Figures.count(result.left)) stay as they were") }
        if result.gone > 0 { words.append("\(Figures.count(result.gone)) were not there any more") }
        Terminal.print(words.joined(separator: "; "))
        for note in result.notes { Terminal.complain(note) }
        if result.refused > 0 {
            Terminal.complain("'sluice deadletters list' says why letters were refused again")
        }
        if result.refused + result.left > 0 { throw ExitStatus.unavailable }
    }

    /// The letters that are meant, in the pipeline's own folder and in those of its outputs that are not required.
    private func choose(
        _ pipeline: PipelineConfiguration,
        in directory: String
    ) throws -> [(box: DeadLetterBox, letters: [KeptDeadLetter])] {
        let folders = try StatePipelines.all(in: directory).filter { $0.belongs(to: pipeline.name) }
        guard let first = folders.first else {
            throw StateFailure(
                "there is no state of pipeline '\(pipeline.name)' in '\(directory)': name its directory with --state"
            )
        }
        var chosen: [(box: DeadLetterBox, letters: [KeptDeadLetter])] = []
        for folder in folders {
            let box = try DeadLetterBox(changing: folder.directory)
            let letters = try box.list(selection.filter)
            let isComplete = Set(letters.map(\.number)).isSuperset(of: selection.numbers)
            if !letters.isEmpty, isComplete { chosen.append((box, letters)) }
        }
        if !selection.numbers.isEmpty {
            // Nobody has them all: say which are missing.
            if chosen.isEmpty { _ = try selection.letters(in: DeadLetterBox(reading: first.directory)) }
            if chosen.count > 1 {
                let names = folders.map(\.name).joined(separator: ", ")
                throw StateFailure(
                    "outputs that are not required count their dead letters for themselves (\(names)): choose with "
                        + "--output in place of numbers",
                    status: ExitStatus.usage
                )
            }
        }
        return chosen
    }
}
