// SPDX-License-Identifier: Apache-2.0

import Foundation

/// `sluice receive` as a process, with ports of the system's choice that it keeps when it is started again.
final class ReceiverProcess {
    let folder: String
    private(set) var lokiPort = 0
    private(set) var elasticsearchPort = 0
    private var process: ChildProcess?
    private let options: [String]
    private var starts = 0

    init(folder: String, options: [String] = []) async throws {
        self.folder = folder
        self.options = options
        try await start()
    }

    var loki: LokiReader { LokiReader(port: lokiPort) }
    var elasticsearch: ElasticsearchReader { ElasticsearchReader(port: elasticsearchPort) }

    /// Starts it, the first time or after a kill, and waits until it listens.
    func start() async throws {
        starts += 1
        let process = try ChildProcess(
            [
                SluiceCommand.path, "receive", "--loki", "127.0.0.1:\(lokiPort)",
                "--elasticsearch", "127.0.0.1:\(elasticsearchPort)", "--data", folder + "/receiver",
            ] + options,
            folder: folder,
            name: "receive-\(starts)"
        )
        self.process = process
        var loki: Int?
        var elasticsearch: Int?
        try await Poll.until("the receiver listens", tail: { process.errors }) {
            let entries = AgentLog.entries(process.errors)
            loki = Self.port(in: entries, of: "listening for Loki")
            elasticsearch = Self.port(in: entries, of: "listening for Elasticsearch")
            guard process.isRunning else {
                throw Command.Failure(description: "the receiver ended: \(process.errors)")
            }
            return loki != nil && elasticsearch != nil
        }
        lokiPort = loki ?? 0
        elasticsearchPort = elasticsearch ?? 0
    }

    func kill() {
        process?.kill()
    }

    /// What it has written to its standard error since its last start.
    var errors: String { process?.errors ?? "" }

    private static func port(in entries: [[String: Any]], of message: String) -> Int? {
        guard let port = entries.first(where: { $0["message"] as? String == message })?["port"] else { return nil }
        return port as? Int ?? (port as? String).flatMap { Int($0) }
    }
}
