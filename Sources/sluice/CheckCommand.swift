// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent
import SluiceEvents

/// `sluice check CONFIG...`
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reports every problem of pipeline files, and starts nothing.",
        discussion: "Exits 0 if there is none, and 78 otherwise."
    )

    @Argument(help: "Pipeline files, in YAML.", completion: .file(extensions: ["yml", "yaml"]))
    var configurations: [String]

    @Option(help: "The state directory of the agent, for its keystore.", completion: .directory)
    var state: String?

    @OptionGroup var secrets: KeystoreOptions

    func run() throws {
        let variables = try secrets.variables(state: state)
        let problems = ConfigurationProblems()
        let pipelines = PipelineFile.load(configurations, variables: variables, problems: problems)
        guard problems.isEmpty else {
            PipelineFile.complain(problems)
            throw ExitStatus.configuration
        }
        for pipeline in pipelines {
            let outputs = pipeline.outputs.map(\.options.name).joined(separator: ", ")
            Terminal.print("\(pipeline.name): fine (inputs: \(pipeline.inputs.count), outputs: \(outputs))")
        }
    }
}
