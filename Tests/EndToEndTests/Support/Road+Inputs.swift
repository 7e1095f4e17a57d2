// SPDX-License-Identifier: Apache-2.0

import SluiceSQLite

/// Roads that begin elsewhere than in files.
extension Road {
    /// Writes a pipeline whose inputs are given in YAML's flow style, one each.
    func pipeline(inputs: [String]) throws {
        let pace = "    flush: {timeout: 50ms}\n    backoff: {init: 20ms, max: 200ms}\n"
        var text = "name: test\ninputs:\n" + inputs.map { "  - {\($0)}\n" }.joined()
        text += "outputs:\n  - type: loki\n    url: http://127.0.0.1:\(receiver.lokiPort)\n"
        text += "    labels: {job: test}\n" + pace
        text += "  - type: elasticsearch\n    hosts: [\"http://127.0.0.1:\(receiver.elasticsearchPort)\"]\n"
        text += "    index: logs-test\n" + pace
        try TextFile.write(text, path("pipeline.yml"))
    }

    /// Where an input of a running agent listens: the text behind the last colon is its port.
    func address(of input: String, _ agent: ChildProcess) async throws -> String {
        var address: String?
        try await Poll.until("\(input) listens", tail: { agent.errors }) {
            let entry = AgentLog.entries(agent.errors).last {
                $0["message"] as? String == "input listens" && $0["input"] as? String == input
            }
            address = entry?["address"] as? String
            return address != nil
        }
        return address ?? ""
    }

    func port(of input: String, _ agent: ChildProcess) async throws -> Int {
        Int(try await address(of: input, agent).split(separator: ":").last ?? "") ?? 0
    }

    /// Waits until Elasticsearch has this many events, whatever their times: Loki is asked for those of some days only.
    func waitForDocuments(_ count: Int, _ agent: ChildProcess) async throws {
        try await Poll.until("\(count) documents", tail: { agent.errors }) {
            try receiver.elasticsearch.count("logs-test") >= count
        }
    }

    /// Bytes that are in queues on the disk; -1 while there is no state.
    func queuedBytes() -> Int64 {
        guard let database = try? SQLiteDatabase(path: StateFile(self).path, access: .read) else { return -1 }
        let sum = try? database.query("SELECT coalesce(sum(range_end - range_start), 0) FROM queued") {
            $0.integer(at: 0)
        }
        return sum ?? -1
    }
}
