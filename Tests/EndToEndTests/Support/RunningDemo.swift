// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `sluice demo` while it runs.
struct RunningDemo {
    let process: ChildProcess
    private let files: TemporaryFolder

    init(_ arguments: String...) throws {
        files = try TemporaryFolder()
        process = try ChildProcess([SluiceCommand.path, "demo"] + arguments, folder: files.path, name: "demo")
    }

    var output: String {
        get throws { try TextFile.read(process.outputPath) }
    }

    /// The folder of the demo's own files, as soon as it is said.
    var folder: String? { (try? output).flatMap { DemoOutput.folder(in: $0) } }

    /// Waits for one of its processes.
    ///
    /// - Parameter subcommand: what the process was started with.
    func process(_ subcommand: String) async throws -> pid_t {
        var identifier: pid_t?
        try await Poll.until("'sluice \(subcommand)' runs", tail: { process.errors }) {
            guard let folder else { return false }
            identifier = DemoOutput.processes(mentioning: folder).first { $0.value == subcommand }?.key
            return identifier != nil
        }
        return try #require(identifier)
    }

    /// Waits for the ports of its backend.
    func ports() async throws -> (loki: Int, elasticsearch: Int) {
        func port(_ name: String) -> Int? {
            guard let text = try? output, let start = text.firstRange(of: "for \(name) at http://127.0.0.1:") else {
                return nil
            }
            return Int(text[start.upperBound...].prefix { $0.isNumber })
        }
        try await Poll.until("the demo says its ports", tail: { process.errors }) {
            port("Loki") != nil && port("Elasticsearch") != nil && folder != nil
        }
        return (try #require(port("Loki")), try #require(port("Elasticsearch")))
    }

    /// Nothing that the demo started is there any more.
    func expectNothingRuns() throws {
        #expect(DemoOutput.processes(mentioning: try #require(folder)) == [:])
    }
}
