// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Logging
import SluiceAgent
import SluiceEvents

/// `sluice state import-filebeat PATH`
struct StateImportFilebeatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-filebeat",
        abstract: "Takes over where Filebeat stopped, file by file, from its registry.",
        discussion: """
            Reads the registry of Filebeat 7.9 to 9 (inputs log and filestream; file identities native, fingerprint and \
            path) and begins a generation at Filebeat's offset for each file that an input of the pipeline matches. Stop \
            Filebeat first, then import, then start the agent: nothing is read twice and nothing is left out. Filebeat's \
            files stay as they are.
            """
    )

    @Argument(
        help: "Filebeat's data directory, such as /var/lib/filebeat, or the registry in it.",
        completion: .directory
    )
    var path: String

    @Option(
        name: .customLong("pipeline"),
        help: "The pipeline file that goes on with these files.",
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

    @Option(help: "Filebeat's prospector.scanner.fingerprint.offset, if it was changed.")
    var fingerprintOffset: Int64 = 0

    @Option(help: "Filebeat's prospector.scanner.fingerprint.length, if it was changed.")
    var fingerprintLength: Int = 1024

    @Flag(help: "Say what would be done, and do nothing.")
    var dryRun = false

    @OptionGroup var secrets: KeystoreOptions

    func validate() throws {
        guard fingerprintOffset >= 0, (64...(1 << 20)).contains(fingerprintLength) else {
            throw ValidationError("--fingerprint-offset is 0 or more, and --fingerprint-length from 64 to 1048576")
        }
    }

    func run() throws {
        let variables = try secrets.variables(state: state)
        let problems = ConfigurationProblems()
        let pipelines = PipelineFile.load([configuration], variables: variables, problems: problems)
        guard problems.isEmpty, let pipeline = pipelines.first else {
            PipelineFile.complain(problems)
            throw ExitStatus.configuration
        }
        try StateFailure.reported {
            let registry = try FilebeatRegistry(path: path)
            if registry.isInUse {
                let text = "a Filebeat is running on '\(registry.directory)' (it holds filebeat.lock)"
                guard dryRun else { throw StateFailure("\(text): stop it first, or its offsets go on meanwhile") }
                Terminal.complain("\(text): stop it before the import")
            }
            for note in registry.notes { Terminal.complain(note) }
            for key in registry.unknownKeys {
                Terminal.complain(
                    "'\(key)' is left out: only native, fingerprint and path identities of files are known"
                )
            }
            let directory = "\(state ?? StateLocation.standard)/\(pipeline.name)"
            let editor = try dryRun ? StateEditor(trying: directory) : StateEditor(directory: directory)
            var range = FilebeatTakeover.FingerprintRange()
            range.offset = fingerprintOffset
            range.length = fingerprintLength
            var quiet = Logger(label: "sluice.state")
            quiet.logLevel = .critical
            var takeover = FilebeatTakeover(
                inputs: pipeline.inputs.compactMap { $0.options as? FileInputOptions },
                outputs: pipeline.outputs.map(\.options.name),
                editor: editor,
                fingerprint: range,
                logger: quiet
            )
            let results = takeover.run(registry.entries)
            try editor.commit()
            report(results)
            if results.contains(where: { $0.outcome == .failed }) {
                throw StateFailure("not all files could be taken over: see above for why")
            }
        }
    }

    private func report(_ results: [FilebeatTakeover.Result]) {
        let screen = Screen()
        var table = TextTable([
            .init(title: "OUTCOME"), .init(title: "OFFSET", isNumber: true), .init(title: "FILE", isFlexible: true),
            .init(title: "DETAIL", isOptional: true),
        ])
        for result in results {
            table.add([
                result.outcome.rawValue, result.offset.map { "\($0)" } ?? "-", result.path.isEmpty ? "-" : result.path,
                result.detail,
            ])
        }
        if !results.isEmpty {
            for line in table.lines(width: screen.isInteractive ? screen.width - 1 : nil) { screen.print(line) }
        }
        let counts = FilebeatTakeover.Outcome.allCases.compactMap { outcome in
            let count = results.count { $0.outcome == outcome }
            return count > 0 ? "\(count) \(outcome.rawValue)" : nil
        }
        let sum = counts.isEmpty ? "the registry has no files" : counts.joined(separator: ", ")
        screen.print(sum + (dryRun ? " (a dry run: nothing was changed)" : ""))
    }
}
