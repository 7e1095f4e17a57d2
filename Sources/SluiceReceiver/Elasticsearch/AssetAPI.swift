// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// Elasticsearch's HTTP API for what is set up before events come: templates, lifecycle policies, ingest pipelines, data
/// streams. They are kept and given back; policies and pipelines do nothing here.
///
/// Source: "Indices", "Index lifecycle management" and "Ingest" in Elasticsearch's API specification.
struct AssetAPI {
    let configuration: Receiver.Configuration
    let store: Store

    /// Nil if the call is for something else.
    func answer(_ call: HTTPCall) async throws -> HTTPReply? {
        if call.path.first == "_data_stream", call.path.count < 3 {
            return try await dataStream(call, call.path.count > 1 ? call.path[1] : nil)
        }
        guard let (kind, name) = AssetKind.parse(call.path) else { return nil }
        switch call.method {
        case "GET", "HEAD": return try await get(kind, name, call)
        case "PUT" where !name.isEmpty, "POST" where !name.isEmpty: return try await put(kind, name, call)
        case "DELETE" where !name.isEmpty:
            guard try await change(kind, name, .delete) else { throw missing(kind, name) }
            return acknowledged
        default: return nil
        }
    }

    private var acknowledged: HTTPReply { HTTPReply(json: JSONValue.object(["acknowledged": .boolean(true)]).bytes) }

    private func missing(_ kind: AssetKind, _ name: String) -> ElasticsearchError {
        let what =
            switch kind {
            case .indexTemplate: "index template matching [\(name)] not found"
            case .componentTemplate: "component template matching [\(name)] not found"
            case .lifecyclePolicy: "Lifecycle policy not found: \(name)"
            case .legacyTemplate: "index_template [\(name)] missing"
            case .ingestPipeline: "pipeline [\(name)] is missing"
            }
        return ElasticsearchError(404, "resource_not_found_exception", what)
    }

    // MARK: Templates, policies, pipelines

    private func get(_ kind: AssetKind, _ name: String, _ call: HTTPCall) async throws -> HTTPReply {
        let pattern = name.isEmpty ? "*" : name
        let found = try await store.readers.run { database in
            let select = try database.prepare("SELECT name, body FROM assets WHERE kind = ? ORDER BY name")
            defer { select.reset() }
            try select.bind(text: kind.rawValue, at: 1)
            var found: [(name: String, body: JSONValue)] = []
            while try select.step() {
                let name = select.string(at: 0) ?? ""
                guard pattern.split(separator: ",").contains(where: { IndexName.matches(name, pattern: $0) }) else {
                    continue
                }
                found.append((name, try JSONValue.parse(select.bytes(at: 1))))
            }
            return found
        }
        if found.isEmpty, !pattern.contains("*") {
            if call.method == "HEAD" { return HTTPReply(status: 404) }
            throw missing(kind, name)
        }
        if call.method == "HEAD" { return HTTPReply(status: 200) }
        let answer = kind.answer(found)
        return HTTPReply(json: (FilterPath(call.query["filter_path"])?.apply(to: answer) ?? answer).bytes)
    }

    private func put(_ kind: AssetKind, _ name: String, _ call: HTTPCall) async throws -> HTTPReply {
        let limit = configuration.elasticsearchMaximumBodyBytes
        let body = try await store.decoders.run { decoder in
            let text = try ElasticsearchAPI.text(of: call, decoder: decoder, limit: limit)
            do {
                return try JSONValue.parse(text.view)
            } catch {
                throw ElasticsearchError(400, "parse_exception", "the request body is not JSON: \(error)")
            }
        }
        if let problem = kind.problem(body) { throw ElasticsearchError(400, "illegal_argument_exception", problem) }
        let isOnlyNew = call.query["create"].map { $0 != "false" } ?? false
        guard try await change(kind, name, .put(body, overwrites: !isOnlyNew)) else {
            throw ElasticsearchError(400, "illegal_argument_exception", "index template [\(name)] already exists")
        }
        return acknowledged
    }

    private func change(_ kind: AssetKind, _ name: String, _ change: AssetJob.Change) async throws -> Bool {
        try await withCheckedThrowingContinuation { continuation in
            store.writer.submit(AssetJob(kind, name, change, kinds: store.kinds, continuation: continuation))
        }
    }

    // MARK: Data streams

    private func dataStream(_ call: HTTPCall, _ name: String?) async throws -> HTTPReply? {
        let all = try await store.readers.run { database in try SearchTarget.all(in: database) }
        let pattern = name ?? "*"
        let found = all.filter { target in
            pattern.split(separator: ",").contains { IndexName.matches(target.name, pattern: $0) }
        }
        let streams = found.filter(\.isDataStream)
        switch call.method {
        case "GET":
            if streams.isEmpty, !pattern.contains("*") { throw ElasticsearchError.noIndex(pattern) }
            let answer = JSONValue.object(["data_streams": .array(streams.map(describe))])
            return HTTPReply(json: (FilterPath(call.query["filter_path"])?.apply(to: answer) ?? answer).bytes)
        case "PUT":
            guard let name else { return nil }
            return try await make(name, found.first)
        case "DELETE":
            guard name != nil else { return nil }
            if streams.isEmpty, !pattern.contains("*") { throw ElasticsearchError.noIndex(pattern) }
            try await withCheckedThrowingContinuation { continuation in
                store.writer.submit(DeleteIndexJob(streams.map(\.name), continuation: continuation))
            }
            return acknowledged
        default: return nil
        }
    }

    private func describe(_ target: SearchTarget) -> JSONValue {
        let template = store.kinds.template(for: target.name)
        let builtIn = String(target.name.prefix { $0 != "-" })
        return .object([
            "name": .string(target.name), "timestamp_field": .object(["name": .string("@timestamp")]),
            "indices": .array([
                .object(["index_name": .string(target.concreteName), "index_uuid": .string("\(target.id)")])
            ]), "generation": .integer(1), "status": .string("GREEN"),
            "template": .string(template?.name ?? builtIn), "ilm_policy": template?.policy.map { .string($0) },
            "hidden": .boolean(false), "system": .boolean(false),
        ])
    }

    private func make(_ name: String, _ existing: SearchTarget?) async throws -> HTTPReply {
        if let problem = IndexName.problem(name) {
            throw ElasticsearchError(
                400,
                "invalid_index_name_exception",
                "Invalid index name [\(name)], \(problem)",
                index: name
            )
        }
        let isMade: Bool
        if existing == nil {
            guard store.kinds.isMadeDataStream(name) else {
                throw ElasticsearchError(
                    400,
                    "illegal_argument_exception",
                    "no matching index template found for data stream [\(name)]"
                )
            }
            isMade = try await withCheckedThrowingContinuation { continuation in
                store.writer.submit(CreateIndexJob(name, continuation: continuation))
            }
        } else {
            isMade = false
        }
        guard isMade else {
            let what = existing?.isDataStream == false ? "index" : "data_stream"
            throw ElasticsearchError(400, "resource_already_exists_exception", "\(what) [\(name)] already exists")
        }
        return acknowledged
    }
}
