// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// `Examples/hummingbird-service` as a process, with a port of the system's choice and its logs in a folder.
struct ExampleService {
    let process: ChildProcess
    let port: Int

    static let path = SluiceCommand.folder + "/hummingbird-service"

    /// Starts it with the example's own `logging.json`, but for where the files are, and waits until it listens.
    ///
    /// - Parameter folder: gets `logs/app.log` and the others.
    init(folder: String) async throws {
        let configuration = try Repository.read("Examples/hummingbird-service/logging.json")
        try #require(configuration.contains("\"logs/app.log\""))
        try TextFile.write(configuration.replacing("\"logs/", with: "\"\(folder)/logs/"), folder + "/logging.json")
        let process = try ChildProcess(
            [Self.path],
            folder: folder,
            name: "service",
            environment: ["LOGGING_CONFIGURATION": folder + "/logging.json", "HOST": "127.0.0.1", "PORT": "0"]
        )
        var port: Int?
        try await Poll.until("the service listens", tail: { process.errors }) {
            guard process.isRunning else { throw Command.Failure(description: "it ended: \(process.errors)") }
            port =
                Self.entries(folder + "/logs/app.log").first { $0["message"] as? String == "listening" }?["port"]
                as? Int
            return port != nil
        }
        self.process = process
        self.port = try #require(port)
    }

    /// The lines of one of its logs so far.
    static func entries(_ path: String) -> [[String: Any]] { AgentLog.entries((try? TextFile.read(path)) ?? "") }

    func predict(_ features: String, identifier: String) throws -> HTTPMessage {
        try HTTPClient.send(
            port,
            "POST",
            "/predictions?token=secret",
            headers: [("Content-Type", "application/json"), ("X-Request-ID", identifier)],
            body: Array(#"{"user_id":42,"features":[\#(features)]}"#.utf8)
        )
    }

    /// Ends it as a service manager does.
    func terminate() async throws -> Int32 {
        process.send(SIGTERM)
        return try await process.exitStatus()
    }
}
