// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// How the process ends, after sysexits.h.
enum ExitStatus {
    static let usage = ExitCode(64)
    /// A destination did not take everything in the time there was.
    static let unavailable = ExitCode(69)
    static let software = ExitCode(70)
    /// An agent runs, and an output or a file fails; it tries again.
    static let failing = ExitCode(75)
    static let inputOutput = ExitCode(74)
    static let configuration = ExitCode(78)
}
