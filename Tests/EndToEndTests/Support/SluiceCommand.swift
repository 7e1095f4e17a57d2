// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The executable under test.
enum SluiceCommand {
    /// It lies beside the executable that this test runs in.
    static let path: String = {
        let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = URL(fileURLWithPath: tests ?? CommandLine.arguments[0]).deletingLastPathComponent()
        return folder.appendingPathComponent("sluice").path
    }()

    /// Runs it to its end.
    static func run(_ arguments: String...) throws -> Command.Result {
        try Command.run([path] + arguments)
    }
}
