// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import SluiceConfiguration
import SluiceEvents

/// Configuration files, read into pipelines.
enum PipelineFile {
    /// Reads every file; problems of all of them are found in one run.
    ///
    /// - Parameter variables: what `${NAME}` stands for.
    static func load(
        _ paths: [String],
        variables: [String: String] = ProcessEnvironment.variables,
        problems: ConfigurationProblems
    ) -> [PipelineConfiguration] {
        let context = ProcessorContext(host: .ofThisMachine(), timeZoneData: { TimeZoneFile.data($0) })
        var pipelines: [PipelineConfiguration] = []
        var names: [String: String] = [:]
        for path in paths {
            let own = ConfigurationProblems()
            if let node = ConfigurationLoader.load(
                path: path,
                environment: variables,
                problems: own
            ), let pipeline = PipelineConfiguration(node, defaultName: name(of: path), context: context, problems: own)
            {
                if let other = names.updateValue(path, forKey: pipeline.name) {
                    own.report(
                        node,
                        "'\(path)' and '\(other)' are both named '\(pipeline.name)': give each its own 'name'"
                    )
                }
                pipelines.append(pipeline)
            }
            for problem in own.sorted { problems.report(problem) }
        }
        return pipelines
    }

    /// Reads every file with its secrets, or says what is wrong and ends the command.
    static func load(_ paths: [String], secrets: KeystoreOptions, state: String?) throws -> [PipelineConfiguration] {
        let problems = ConfigurationProblems()
        let pipelines = load(paths, variables: try secrets.variables(state: state), problems: problems)
        guard problems.isEmpty else {
            complain(problems)
            throw ExitStatus.configuration
        }
        return pipelines
    }

    /// `/etc/sluice/mlops.yml` is `mlops`.
    private static func name(of path: String) -> String {
        var name = path.split(separator: "/").last.map(String.init) ?? "pipeline"
        for suffix in [".yml", ".yaml"] where name.hasSuffix(suffix) { name = String(name.dropLast(suffix.count)) }
        return String(name.map { $0.isWhitespace ? "-" : $0 })
    }

    /// Prints problems, one a line.
    static func complain(_ problems: ConfigurationProblems) {
        for problem in problems.sorted { Terminal.write("\(problem)\n", to: 2) }
    }
}
