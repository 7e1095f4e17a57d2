// SPDX-License-Identifier: Apache-2.0

/// What is done to the agent and its destinations meanwhile.
enum Torment: String, CaseIterable, Sendable {
    /// The agent gets SIGKILL, and is started again.
    case kill
    /// It gets SIGSTOP, and SIGCONT later.
    case stop
    /// It gets SIGTERM, and is started again.
    case terminate
    /// The receiver gets SIGKILL, and is started again.
    case receiver
    /// What is between the agent and the receiver refuses, breaks off, dawdles, and answers 429, 500 and 503.
    case network
    /// The agent may open few files.
    case descriptors
    /// The agent's files may not grow.
    case fileSize = "file-size"
    /// The disk of its state is full. Needs root.
    case disk
    /// Its clock is stepped. Needs a C compiler.
    case clock
}
