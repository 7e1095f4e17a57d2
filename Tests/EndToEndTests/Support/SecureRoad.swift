// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A folder with certificates, a receiver that speaks TLS with `server.pem`, a pipeline to it, and agents.
final class SecureRoad {
    let authority: CertificateAuthority
    private(set) var receiver: ReceiverProcess
    private let temporary: TemporaryFolder
    private var starts = 0

    /// - Parameter prepare: makes certificates beside `server.pem`, which is a good one, before the receiver starts.
    init(receiverOptions: [String] = [], prepare: (CertificateAuthority) async throws -> Void = { _ in }) async throws {
        temporary = try TemporaryFolder()
        let folder = temporary.path
        authority = try await CertificateAuthority(folder: folder)
        try await authority.issue("server")
        try await prepare(authority)
        receiver = try await ReceiverProcess(
            folder: folder,
            options: ["--tls-certificate", folder + "/server.pem", "--tls-key", folder + "/server.key"]
                + receiverOptions.map { $0.replacing("FOLDER", with: folder) }
        )
    }

    var folder: String { temporary.path }

    func path(_ name: String) -> String { folder + "/" + name }

    /// Writes a pipeline of `app.log` to both APIs. `FOLDER` in the options stands for the folder.
    func pipeline(_ options: [String], scheme: String = "https", host: String = "127.0.0.1") throws {
        var text = "name: test\ninputs:\n  - type: file\n    paths: [\"\(path("app.log"))\"]\noutputs:\n"
        let lines = (options + ["flush: {timeout: 50ms}", "backoff: {init: 20ms, max: 200ms}"]).map {
            "    \($0.replacing("FOLDER", with: folder))\n"
        }.joined()
        text += "  - type: loki\n    url: \(scheme)://\(host):\(receiver.lokiPort)\n    labels: {job: test}\n" + lines
        text += "  - type: elasticsearch\n    hosts: [\"\(scheme)://\(host):\(receiver.elasticsearchPort)\"]\n"
        text += "    index: logs-test\n" + lines
        try TextFile.write(text, path("pipeline.yml"))
    }

    func agent(_ options: [String] = [], environment: [String: String] = [:]) throws -> ChildProcess {
        starts += 1
        return try ChildProcess(
            [SluiceCommand.path, "run", path("pipeline.yml"), "--state", path("state")] + options,
            folder: folder,
            name: "agent-\(starts)",
            environment: environment
        )
    }

    /// Runs to the end, with patience for those that are to fail.
    func runOnce(_ options: [String] = [], expecting status: Int32 = 0) async throws -> ChildProcess {
        let agent = try agent(["--once"] + options)
        let found = try await agent.exitStatus()
        guard found == status else {
            throw Command.Failure(
                description: "--once ended with \(found), not \(status): \(agent.errors.suffix(2000))"
            )
        }
        return agent
    }

    /// Makes another certificate the server's. It serves it to connections that come from the next second on.
    func serve(_ name: String) throws {
        for ending in ["pem", "key"] {
            try TextFile.write(try TextFile.read(path("\(name).\(ending)")), path("new"))
            try TextFile.rename(path("new"), path("server.\(ending)"))
        }
    }

    /// What has arrived at Loki and at Elasticsearch. The receiver is ended, and its data read in plain text.
    func arrived() async throws -> (loki: [String], elasticsearch: [String]) {
        receiver.kill()
        // The next one's output goes to a file of the same name, and is read for its ports.
        try FileManager.default.removeItem(atPath: path("receive-1.errors"))
        let plain = try await ReceiverProcess(folder: folder)
        defer { plain.kill() }
        let documents = try plain.elasticsearch.documents("logs-test").map { $0["message"] as? String ?? "" }
        return (try plain.loki.entries(#"{job="test"}"#).map(\.line), documents)
    }
}
