// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `sluice demo`
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows the whole road on this machine: a service that logs, the agent and the embedded backend.",
        discussion: """
            Needs nothing and leaves nothing: ports are free ones, files lie in a temporary folder, and every process \
            that it starts is ended. Exits 0 if each line arrived exactly once, and 70 otherwise.
            """
    )

    @Option(help: "How long the service logs.")
    var seconds: Int = 15

    @Option(help: "Keep all files, in this new folder.", completion: .directory)
    var keep: String?

    func validate() throws {
        guard (1...86_400).contains(seconds) else {
            throw ValidationError("--seconds takes a whole number from 1 to 86400, and not \(seconds)")
        }
    }

    func run() async throws {
        let code = await DemoStage(seconds: seconds, keep: keep).run()
        if code != .success { throw code }
    }
}
