// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The executable under test.
enum SluiceCommand {
    /// It lies beside the executable that this test runs in.
    static let path = folder + "/sluice"

    /// Where all executables of the package are.
    static let folder: String = {
        let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: tests ?? CommandLine.arguments[0]).deletingLastPathComponent().path
    }()

    /// Runs it to its end.
    static func run(_ arguments: String...) async throws -> Command.Result {
        try await Command.run([path] + arguments)
    }
}
