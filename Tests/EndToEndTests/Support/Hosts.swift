// SPDX-License-Identifier: Apache-2.0

/// Several receivers, as the hosts of one Elasticsearch output, and a road whose pipeline leads to them.
///
/// They know nothing of each other, where the nodes of a cluster would tell by its id a document that two of them are
/// sent. So what counts is whether a message is there at all, and at none of them twice.
final class Hosts {
    let road: Road
    private(set) var receivers: [ReceiverProcess] = []
    private var folders: [TemporaryFolder] = []

    /// - Parameter options: of each receiver.
    init(_ options: [[String]]) async throws {
        road = try await Road()
        for options in options {
            let folder = try TemporaryFolder()
            folders.append(folder)
            receivers.append(try await ReceiverProcess(folder: folder.path, options: options))
        }
    }

    /// The value of the label `host` of each.
    var names: [String] { receivers.map { "http://127.0.0.1:\($0.elasticsearchPort)" } }

    /// Writes the pipeline: `app.log`, in small requests, to the hosts.
    func pipeline(_ option: String = "") throws { try Self.pipeline(road, names, option) }

    /// The same, to any hosts.
    static func pipeline(_ road: Road, _ hosts: [String], _ option: String = "", type: String = "elasticsearch") throws
    {
        var text = "name: test\ninputs:\n  - type: file\n    paths: [\"\(road.path("app.log"))\"]\n"
        text += "outputs:\n  - type: \(type)\n    hosts: [\(hosts.map { "\"\($0)\"" }.joined(separator: ", "))]\n"
        text += type == "elasticsearch" ? "    index: logs-test\n" : "    labels: {job: test}\n"
        text += "    bulk_max_size: 50\n    flush: {timeout: 50ms}\n"
        if !option.contains("backoff") { text += "    backoff: {init: 20ms, max: 200ms}\n" }
        if !option.isEmpty { text += "    \(option)\n" }
        try TextFile.write(text, road.path("pipeline.yml"))
    }

    /// The messages at one host.
    func messages(_ host: Int) throws -> [String] {
        try receivers[host].elasticsearch.documents("logs-test").map { $0["message"] as? String ?? "" }
    }

    /// What is missing or too much, if what two hosts have counts once.
    func account(written: [String]) throws -> Account {
        var all: Set<String> = []
        var twice: [String] = []
        for host in receivers.indices {
            let messages = try messages(host)
            twice += Dictionary(grouping: messages) { $0 }.filter { $0.value.count > 1 }.keys
            all.formUnion(messages)
        }
        return Account(written: written, arrived: Array(all) + twice)
    }
}
