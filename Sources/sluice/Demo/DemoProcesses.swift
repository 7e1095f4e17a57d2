// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// All processes of a demo. None of them survives it.
final class DemoProcesses: Sendable {
    private let lifeline: Lifeline
    private let processes = Mutex<[DemoProcess]>([])

    init() throws(DemoFailure) { lifeline = try Lifeline() }

    /// - Parameter arguments: the subcommand and what follows it.
    func start(_ title: String, _ arguments: [String], logPath: String) throws(DemoFailure) -> DemoProcess {
        let process = try DemoProcess(
            title: title,
            arguments: arguments + ["--end-with-input"],
            logPath: logPath,
            lifeline: lifeline
        )
        processes.withLock { $0.append(process) }
        return process
    }

    /// Looks after them until the task is cancelled; throws if one ends that should not.
    func supervise() async throws {
        while !Task.isCancelled {
            for process in processes.withLock({ $0 }) {
                if let failure = process.failure { throw failure }
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    func endAll() {
        for process in processes.withLock({ $0 }).reversed() { process.end() }
    }
}
