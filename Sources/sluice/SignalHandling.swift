// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceAgent
import UnixSignals

/// Runs an agent until it ends or is asked to.
enum SignalHandling {
    /// - Parameter timeout: seconds.
    static func run(_ agent: Agent, timeout: Double?) async -> Agent.Outcome {
        signal(SIGPIPE, SIG_IGN)
        // A file that may not grow is an error like a full disk, and not the end.
        signal(SIGXFSZ, SIG_IGN)
        let watching = Task {
            var asked = 0
            let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
            if EarlySignals.hasCome {
                asked += 1
                agent.stop()
            }
            for await signal in signals {
                asked += 1
                // Whoever asks twice does not want to wait.
                if asked > 1 { _exit(128 + signal.rawValue) }
                agent.stop()
            }
        }
        defer { watching.cancel() }
        return await agent.run(timeout: timeout.map { Int64($0 * 1e9) })
    }
}
