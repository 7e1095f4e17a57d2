// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Logging
import SluiceAgent
import SluiceEvents

/// `sluice run CONFIG...`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs pipelines: tails files and ships what is written to them.",
        discussion: """
            Runs until SIGTERM or SIGINT; what is under way then gets shutdown_timeout to arrive, and the rest goes on \
            at the next start. With --once every file is read to the size it has now, and the exit status is 0 when \
            all of it has been delivered.
            """
    )

    @Argument(help: "Pipeline files, in YAML.", completion: .file(extensions: ["yml", "yaml"]))
    var configurations: [String]

    @Option(
        help: """
            The directory that progress is kept in, one folder a pipeline. (default: /var/lib/sluice for root, \
            otherwise ~/.local/state/sluice)
            """,
        completion: .directory
    )
    var state: String?

    @Flag(help: "Read every file to the size it has now, deliver, and end.")
    var once = false

    @Option(help: "With --once: give up after this many seconds, and exit with 69.")
    var timeout: Double?

    @Option(help: "Serve /metrics, /status and /healthz at this address, such as 127.0.0.1:9600.")
    var listen: ListenAddress?

    @Option(help: "The least severe level of the agent's own log.")
    var logLevel: AgentLog.Level = .info

    @OptionGroup var secrets: KeystoreOptions

    @OptionGroup var parent: ParentWatch

    func validate() throws {
        if let timeout, !(timeout > 0 && timeout < 1e9) {
            throw ValidationError("--timeout takes a number of seconds above 0")
        }
        if timeout != nil, !once { throw ValidationError("--timeout goes with --once") }
    }

    func run() async throws {
        EarlySignals.note()
        let variables = try secrets.variables(state: state)
        let problems = ConfigurationProblems()
        let pipelines = PipelineFile.load(configurations, variables: variables, problems: problems)
        guard problems.isEmpty else {
            PipelineFile.complain(problems)
            throw ExitStatus.configuration
        }
        AgentLog.start(logLevel)
        MemoryOptions.set()
        OpenFileLimit.raise()
        parent.start()
        let agent: Agent
        do {
            agent = try Agent(
                pipelines,
                stateDirectory: state ?? StateLocation.standard,
                isOnce: once,
                listen: listen,
                logger: Logger(label: "sluice.agent")
            )
        } catch {
            Terminal.complain("\(error)")
            throw ExitStatus.inputOutput
        }
        switch await SignalHandling.run(agent, timeout: timeout) {
        case .finished: return
        case .unfinished(let text):
            Terminal.complain(text)
            throw ExitStatus.unavailable
        case .failed(let text):
            Terminal.complain(text)
            throw ExitStatus.inputOutput
        }
    }
}

extension ListenAddress: ExpressibleByArgument {
    /// What was typed after `--listen`.
    public init?(argument: String) { self.init(argument) }
}
