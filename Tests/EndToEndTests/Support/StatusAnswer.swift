// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What `sluice status --json` says of the one pipeline that there is.
struct StatusAnswer {
    let status: Int32
    let errors: String
    let pipeline: [String: Any]

    init(_ road: Road, _ options: [String] = []) async throws {
        let result = try await Command.run(
            [SluiceCommand.path, "status", "--state", road.path("state"), "--json"] + options
        )
        status = result.status
        errors = result.errors
        let object = try? JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        pipeline = (object?["pipelines"] as? [[String: Any]])?.first ?? [:]
    }

    var isRunning: Bool { pipeline["running"] as? Bool ?? false }
    var files: [[String: Any]] { pipeline["files"] as? [[String: Any]] ?? [] }

    func file(_ path: String) -> [String: Any] { files.first { $0["path"] as? String == path } ?? [:] }

    func output(_ name: String) -> [String: Any] {
        (pipeline["outputs"] as? [[String: Any]])?.first { $0["output"] as? String == name } ?? [:]
    }

    var input: [String: Any] { (pipeline["inputs"] as? [[String: Any]])?.first ?? [:] }
}
