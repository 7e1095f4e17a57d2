// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// Elasticsearch's HTTP API but for what writes documents.
struct ElasticsearchQueryAPI {
    let configuration: Receiver.Configuration
    let store: Store

    func answer(_ call: HTTPCall) async throws -> HTTPReply {
        let last = call.path.last ?? ""
        switch (call.method, call.path.count) {
        case ("GET", 0), ("HEAD", 0): return reply(ClusterInfo.root, call)
        case ("GET", _) where last == "_search", ("POST", _) where last == "_search":
            return try await search(call, index: try index(of: call))
        case ("GET", _) where last == "_count", ("POST", _) where last == "_count":
            return try await count(call, index: try index(of: call))
        case ("GET", _) where last == "_msearch", ("POST", _) where last == "_msearch":
            return try await multiSearch(call, index: try index(of: call))
        default: break
        }
        if call.path.first == "_cat" { return try await cat(call) }
        if call.path.first == "_cluster", call.path.count >= 2, call.path[1] == "health", call.method == "GET" {
            let targets = try await targets(nil, call)
            return reply(ClusterInfo.health(indices: targets.count), call)
        }
        if let name = call.path.first, name.hasPrefix("_") {
            let assets = AssetAPI(configuration: configuration, store: store)
            return try await assets.answer(call) ?? stub(call, name)
        }
        return try await onIndex(call)
    }

    /// `/_search` and `/{index}/_search`.
    private func index(of call: HTTPCall) throws -> String? {
        guard call.path.count <= 2 else { throw unknown(call) }
        return call.path.count == 2 ? call.path[0] : nil
    }

    private func unknown(_ call: HTTPCall) -> ElasticsearchError {
        let path = "/" + call.path.joined(separator: "/")
        return ElasticsearchError(
            400,
            "illegal_argument_exception",
            "no handler found for uri [\(path)] and method [\(call.method)] in the embedded backend"
        )
    }

    private func reply(_ value: JSONValue, _ call: HTTPCall, status: Int = 200) -> HTTPReply {
        HTTPReply(status: status, json: (FilterPath(call.query["filter_path"])?.apply(to: value) ?? value).bytes)
    }

    private func targets(_ index: String?, _ call: HTTPCall) async throws -> [SearchTarget] {
        let ignoresMissing = call.query["ignore_unavailable"] == "true"
        return try await store.readers.run { database in
            try SearchTarget.resolve(index, in: database, ignoresMissing: ignoresMissing)
        }
    }

    /// The JSON in a body; nil if there is none.
    private func body(of call: HTTPCall) async throws -> JSONValue? {
        guard call.body.count > 0 else {
            return try call.query["source"].map { text in try text.withByteView { try parse($0) } }
        }
        let limit = configuration.elasticsearchMaximumBodyBytes
        return try await store.decoders.run { decoder in
            let text = try ElasticsearchAPI.text(of: call, decoder: decoder, limit: limit)
            return text.count == 0 ? nil : try parse(text.view)
        }
    }

    private func parse(_ text: ByteView) throws -> JSONValue {
        do {
            return try JSONValue.parse(text)
        } catch {
            throw ElasticsearchError(400, "parsing_exception", "the request body is not JSON: \(error)")
        }
    }

    // MARK: Searching

    private func search(_ call: HTTPCall, index: String?) async throws -> HTTPReply {
        guard call.query["scroll"] == nil else { throw ElasticsearchError.notSupported("scrolling; use search_after") }
        let body = try await body(of: call)
        let arena = try await run(body, call.query, index, status: nil)
        guard let filter = FilterPath(call.query["filter_path"]) else { return HTTPReply(json: arena) }
        return HTTPReply(json: filter.apply(to: try JSONValue.parse(arena.view)).bytes)
    }

    private func run(
        _ body: JSONValue?,
        _ parameters: QueryParameters,
        _ index: String?,
        status: Int?
    ) async throws -> ByteArena {
        let start = configuration.now()
        return try await reading { database in
            let request = try SearchRequest(body: body, parameters: parameters, now: start)
            let targets = try SearchTarget.resolve(
                index,
                in: database,
                ignoresMissing: parameters["ignore_unavailable"] == "true"
            )
            let result = try SearchExecutor(database: database, targets: targets, request: request).run()
            let arena = ByteArena(capacity: 4096)
            let took = Int((configuration.now() - start) / 1_000_000)
            SearchResponse(request: request, result: result, took: took, shards: targets.count)
                .write(to: arena, status: status)
            return arena
        }
    }

    private func reading<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteDatabase) throws -> Value
    ) async throws -> Value {
        do {
            return try await store.readers.run(body)
        } catch is QueryDeadline.Passed {
            throw ElasticsearchError(504, "timeout_exception", "the search took longer than 60 seconds")
        }
    }

    private func count(_ call: HTTPCall, index: String?) async throws -> HTTPReply {
        let body = try await body(of: call)
        let parameters = call.query
        let now = configuration.now()
        let (total, shards) = try await reading { database in
            var request = try SearchRequest(body: body, parameters: parameters, now: now, countOnly: true)
            request.counting = .all
            request.size = 0
            request.from = 0
            let targets = try SearchTarget.resolve(
                index,
                in: database,
                ignoresMissing: parameters["ignore_unavailable"] == "true"
            )
            return (
                try SearchExecutor(database: database, targets: targets, request: request).run().total, targets.count
            )
        }
        return reply(
            .object([
                "count": .integer(total),
                "_shards": .object([
                    "total": .integer(shards), "successful": .integer(shards), "skipped": .integer(0),
                    "failed": .integer(0),
                ]),
            ]),
            call
        )
    }

    /// Several searches, a header and a body line each; Grafana asks this way.
    private func multiSearch(_ call: HTTPCall, index: String?) async throws -> HTTPReply {
        let limit = configuration.elasticsearchMaximumBodyBytes
        let text = try await store.decoders.run { decoder in
            try ElasticsearchAPI.text(of: call, decoder: decoder, limit: limit)
        }
        let lines = text.view.array.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let arena = ByteArena(capacity: 4096)
        let start = configuration.now()
        arena.append("{\"responses\":[")
        var isFirst = true
        for position in stride(from: 0, to: lines.count - 1, by: 2) where !lines[position + 1].isEmpty {
            if !isFirst { arena.append(UInt8(ascii: ",")) }
            isFirst = false
            do {
                let header = lines[position].isEmpty ? JSONValue.object([]) : try parse(lines[position])
                let names = header["index"]?.elements?.compactMap(\.text).joined(separator: ",")
                let one = try await run(
                    try parse(lines[position + 1]),
                    QueryParameters("ignore_unavailable=\(header["ignore_unavailable"]?.text ?? "false")".utf8),
                    names ?? header["index"]?.text ?? index,
                    status: 200
                )
                arena.append(one.view)
            } catch let error as ElasticsearchError {
                error.body.write(to: arena)
            }
        }
        arena.append("],\"took\":")
        arena.append(decimal: (configuration.now() - start) / 1_000_000)
        arena.append("}")
        return HTTPReply(json: arena)
    }

    private func parse(_ line: [UInt8].SubSequence) throws -> JSONValue {
        try Array(line).withByteView { view in try parse(view) }
    }

    // MARK: Listing

    private func cat(_ call: HTTPCall) async throws -> HTTPReply {
        guard call.path.count >= 2 else { throw unknown(call) }
        // Newer clients post what they count by.
        let isCount = call.path[1] == "count" && call.method == "POST" && call.body.count == 0
        guard call.method == "GET" || isCount else { throw unknown(call) }
        let table: CatTable
        switch call.path[1] {
        case "indices":
            let found = try await targets(call.path.count > 2 ? call.path[2] : nil, call)
            table = CatTable.indices(found)
        case "health":
            table = CatTable.health(indices: try await targets(nil, call).count, now: configuration.now())
        case "count":
            let found = try await targets(call.path.count > 2 ? call.path[2] : nil, call)
            table = CatTable.count(found, now: configuration.now())
        default: throw unknown(call)
        }
        if call.query["format"] == "json" || call.header("Accept")?.contains("application/json") == true {
            return reply(table.json(call.query["h"]), call)
        }
        let hasHeader = call.query["v"].map { $0 != "false" } ?? false
        return HTTPReply(status: 200, text: table.text(call.query["h"], hasHeader: hasHeader))
    }

    /// What Filebeat and its like ask before they send.
    private func stub(_ call: HTTPCall, _ name: String) throws -> HTTPReply {
        switch name {
        case "_refresh", "_flush", "_forcemerge": return reply(ClusterInfo.shards, call)
        case "_license" where call.method == "GET": return reply(ClusterInfo.license, call)
        case "_xpack" where call.method == "GET": return reply(ClusterInfo.xpack, call)
        case "_nodes" where call.method == "GET": return reply(ClusterInfo.nodes, call)
        case "_alias" where call.method == "GET": return reply(.object([]), call)
        default: throw unknown(call)
        }
    }

    // MARK: One index

    private func onIndex(_ call: HTTPCall) async throws -> HTTPReply {
        let name = call.path.first ?? ""
        switch (call.method, call.path.count) {
        case ("HEAD", 1):
            let isThere = try await !targets(name, call).isEmpty
            return HTTPReply(status: isThere ? 200 : 404)
        case ("GET", 1):
            let found = try await targets(name, call)
            return reply(ClusterInfo.settings(of: found), call)
        case ("PUT", 1): return try await create(name, call)
        case ("DELETE", 1): return try await delete(name, call)
        case (_, 2) where ["_refresh", "_flush", "_forcemerge"].contains(call.path[1]):
            _ = try await targets(name, call)
            return reply(ClusterInfo.shards, call)
        case ("GET", 2) where call.path[1] == "_settings":
            let found = try await targets(name, call)
            return reply(ClusterInfo.settings(of: found), call)
        case ("GET", 2) where call.path[1] == "_mapping":
            let found = try await targets(name, call)
            let mappings = try await reading { database in try MappingGuess(database: database).mappings(of: found) }
            return reply(mappings, call)
        case ("GET", 3) where call.path[1] == "_doc" || call.path[1] == "_source",
            ("HEAD", 3) where call.path[1] == "_doc" || call.path[1] == "_source":
            return try await get(name, call)
        default: throw unknown(call)
        }
    }

    private func create(_ name: String, _ call: HTTPCall) async throws -> HTTPReply {
        if let problem = IndexName.problem(name) {
            throw ElasticsearchError(
                400,
                "invalid_index_name_exception",
                "Invalid index name [\(name)], \(problem)",
                index: name
            )
        }
        let isNew = try await withCheckedThrowingContinuation { continuation in
            store.writer.submit(CreateIndexJob(name, continuation: continuation))
        }
        guard isNew else {
            throw ElasticsearchError(
                400,
                "resource_already_exists_exception",
                "index [\(name)] already exists",
                index: name
            )
        }
        return reply(
            .object(["acknowledged": .boolean(true), "shards_acknowledged": .boolean(true), "index": .string(name)]),
            call
        )
    }

    private func delete(_ name: String, _ call: HTTPCall) async throws -> HTTPReply {
        // As Elasticsearch has it by default (action.destructive_requires_name).
        guard !name.contains("*"), name != "_all" else {
            throw ElasticsearchError(
                400,
                "illegal_argument_exception",
                "Wildcard expressions or all indices are not allowed"
            )
        }
        let names = try await targets(name, call).map(\.name)
        try await withCheckedThrowingContinuation { continuation in
            store.writer.submit(DeleteIndexJob(names, continuation: continuation))
        }
        return reply(.object(["acknowledged": .boolean(true)]), call)
    }

    private func get(_ name: String, _ call: HTTPCall) async throws -> HTTPReply {
        let id = call.path[2]
        let isSourceOnly = call.path[1] == "_source"
        let parameters = call.query
        let arena = try await reading { database -> (body: ByteArena, isFound: Bool) in
            guard let target = try SearchTarget.resolve(name, in: database, ignoresMissing: false).first else {
                throw ElasticsearchError.noIndex(name)
            }
            let select = try database.prepare(
                "SELECT version, source FROM documents WHERE container = ? AND key = ?"
            )
            defer { select.reset() }
            try select.bind(integer: target.id, at: 1)
            try id.withByteView { view throws(SQLiteError) in try select.bind(blob: view, at: 2) }
            let arena = ByteArena(capacity: 1024)
            guard try select.step() else {
                JSONValue.object([
                    "_index": .string(target.concreteName), "_id": .string(id), "found": .boolean(false),
                ]).write(to: arena)
                return (arena, false)
            }
            if isSourceOnly {
                arena.append(select.bytes(at: 1))
                return (arena, true)
            }
            arena.append("{\"_index\":")
            arena.appendJSONString(target.concreteName)
            arena.append(",\"_id\":")
            arena.appendJSONString(id)
            arena.append(",\"_version\":")
            arena.append(decimal: select.integer(at: 0))
            arena.append(",\"found\":true")
            SearchResponse.writeSource(
                select.bytes(at: 1).array,
                SourceFilter(parameters: parameters) ?? .all,
                to: arena
            )
            arena.append("}")
            return (arena, true)
        }
        return HTTPReply(status: arena.isFound ? 200 : 404, json: arena.body)
    }
}
