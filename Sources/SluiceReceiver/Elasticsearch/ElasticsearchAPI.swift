// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SluiceBytes

/// Elasticsearch's HTTP API, as far as agents and simple searches use it.
///
/// Source: Elasticsearch's REST API reference, 8.x.
struct ElasticsearchAPI: HTTPAPI {
    static let version = "8.19.0"

    let configuration: Receiver.Configuration
    let store: Store

    var maximumBodyBytes: Int { configuration.elasticsearchMaximumBodyBytes }
    /// Official clients talk to nobody who does not say this.
    var fields: [(name: String, value: String)] { [("X-Elastic-Product", "Elasticsearch")] }

    var faultAPI: FaultRule.API { .elasticsearch }

    func isWrite(method: String, path: [String]) -> Bool {
        method == "POST" && path.last == "_bulk" || method == "PUT" && path.last == "_bulk"
    }

    func reply(toFault status: Int) -> HTTPReply {
        let type = status == 429 ? "es_rejected_execution_exception" : "exception"
        return Self.reply(ElasticsearchError(status, type, "a fault that was asked for"))
    }

    func replyToLargeBody() -> HTTPReply {
        store.tally.add { $0.elasticsearch.refusals += 1 }
        return Self.reply(
            ElasticsearchError(
                413,
                "content_too_long_exception",
                "entity content is too long, the limit is [\(maximumBodyBytes)] bytes"
            )
        )
    }

    func replyWhenOverloaded() -> HTTPReply {
        Self.reply(
            ElasticsearchError(429, "es_rejected_execution_exception", "too many bytes are being indexed at once")
        )
    }

    func replyToStranger() -> HTTPReply {
        Self.reply(
            ElasticsearchError(
                401,
                "security_exception",
                "missing or wrong credentials: send the receiver's token as an API key, as a bearer token or as a password"
            )
        )
    }

    static func reply(_ error: ElasticsearchError) -> HTTPReply {
        HTTPReply(status: error.status, json: error.body.bytes)
    }

    func reply(to call: HTTPCall) async -> HTTPReply {
        var reply = await plainReply(to: call)
        if let pretty = call.query["pretty"], pretty != "false", reply.isJSON {
            let arena = ByteArena(capacity: reply.body.readableBytes)
            arena.append(reply.body)
            guard let tree = try? JSONValue.parse(arena.view) else { return reply }
            let result = ByteArena(capacity: arena.count * 2)
            tree.writePretty(to: result)
            result.append(UInt8(ascii: "\n"))
            reply.body = result.byteBuffer
        }
        return reply
    }

    private func plainReply(to call: HTTPCall) async -> HTTPReply {
        do {
            return try await answer(call)
        } catch let error as ElasticsearchError {
            return Self.reply(error)
        } catch ReceiverError.stopping {
            return Self.reply(ElasticsearchError(503, "node_closed_exception", "\(ReceiverError.stopping)"))
        } catch {
            return Self.reply(ElasticsearchError(500, "exception", "\(error)"))
        }
    }

    private func answer(_ call: HTTPCall) async throws -> HTTPReply {
        switch (call.method, call.path) {
        case ("POST", ["_bulk"]), ("PUT", ["_bulk"]): return try await bulk(call, index: nil)
        case ("POST", let path) where path.count == 2 && path[1] == "_bulk",
            ("PUT", let path) where path.count == 2 && path[1] == "_bulk":
            return try await bulk(call, index: path[0])
        case ("POST", let path) where path.count == 2 && path[1] == "_doc":
            return try await single(call, .index, index: path[0], id: nil)
        case (let method, let path) where path.count == 3 && ["_doc", "_create"].contains(path[1]):
            let isCreate = path[1] == "_create" || call.query["op_type"] == "create"
            switch method {
            case "PUT", "POST":
                return try await single(call, isCreate ? .create : .index, index: path[0], id: path[2])
            case "DELETE" where path[1] == "_doc":
                return try await single(call, .delete, index: path[0], id: path[2])
            default: return try await ElasticsearchQueryAPI(configuration: configuration, store: store).answer(call)
            }
        default:
            return try await ElasticsearchQueryAPI(configuration: configuration, store: store).answer(call)
        }
    }

    // MARK: Bodies

    /// The body's text, on a decoding thread.
    static func text(of call: HTTPCall, decoder: Decoder, limit: Int) throws -> ByteArena {
        do {
            return try decoder.content.decode(call.body, coding: call.header("Content-Encoding"), limit: limit)
        } catch ContentDecoder.Failure.unsupported(let name) {
            throw ElasticsearchError(400, "illegal_argument_exception", "Content-Encoding [\(name)] is not supported")
        } catch ContentDecoder.Failure.damaged(let reason) {
            throw ElasticsearchError(400, "not_compressed_exception", reason)
        } catch ContentDecoder.Failure.tooLarge(let limit) {
            throw ElasticsearchError(
                413,
                "content_too_long_exception",
                "entity content is too long, the limit is [\(limit)] bytes"
            )
        }
    }

    // MARK: Writing

    /// One document: a bulk request of one.
    private func single(
        _ call: HTTPCall,
        _ action: BulkRequest.Action,
        index: String,
        id: String?
    ) async throws -> HTTPReply {
        let limit = maximumBodyBytes
        let request = try await store.decoders.run { decoder in
            let body = ByteArena(capacity: call.body.count + 1024)
            body.append("{\"")
            body.append(action.name)
            body.append("\":{\"_index\":")
            body.appendJSONString(index)
            if let id {
                body.append(",\"_id\":")
                body.appendJSONString(id)
            }
            body.append("}}\n")
            if action != .delete {
                let text = try Self.text(of: call, decoder: decoder, limit: limit)
                // Lines end a bulk request's documents; in JSON they are only white space.
                let start = body.count
                body.append(text.view)
                for position in start..<body.count where body.view[position] == UInt8(ascii: "\n") {
                    body.replace(at: position, with: UInt8(ascii: " "))
                }
                body.append(UInt8(ascii: "\n"))
            }
            return try decoder.bulk.decode(body, defaultIndex: nil)
        }
        let outcome = try await write(request)
        guard let result = outcome.items.first else {
            throw ElasticsearchError(500, "exception", "nothing was written")
        }
        if let error = result.error { throw error }
        let arena = ByteArena(capacity: 512)
        BulkResponse(request: request, outcome: outcome, took: 0).writeMembers(of: 0, to: arena)
        return HTTPReply(status: result.status, json: arena)
    }

    private func write(_ request: BulkRequest) async throws -> BulkJob.Outcome {
        let outcome = try await withCheckedThrowingContinuation { continuation in
            store.writer.submit(BulkJob(request, continuation: continuation))
        }
        store.tally.add { counters in
            counters.elasticsearch.requests += 1
            counters.elasticsearch.events += outcome.stored
            counters.elasticsearch.duplicates += outcome.duplicates
            counters.elasticsearch.refusals += outcome.refused
            counters.elasticsearch.bytes += outcome.bytes
        }
        return outcome
    }

    private func bulk(_ call: HTTPCall, index: String?) async throws -> HTTPReply {
        do {
            return try await takeBulk(call, index: index)
        } catch {
            store.tally.add { counters in
                counters.elasticsearch.requests += 1
                if error is ElasticsearchError { counters.elasticsearch.refusals += 1 }
            }
            throw error
        }
    }

    private func takeBulk(_ call: HTTPCall, index: String?) async throws -> HTTPReply {
        let start = configuration.now()
        let type = call.header("Content-Type").flatMap { MediaType($0) }?.essence
        let taken = [
            "application/json", "application/x-ndjson", "application/vnd.elasticsearch+json",
            "application/vnd.elasticsearch+x-ndjson",
        ]
        guard let type, taken.contains(type) else {
            throw ElasticsearchError(
                406,
                "media_type_header_exception",
                "Content-Type header [\(call.header("Content-Type") ?? "")] is not supported"
            )
        }
        let limit = maximumBodyBytes
        let filter = FilterPath(call.query["filter_path"])
        let request = try await store.decoders.run { decoder in
            try decoder.bulk.decode(Self.text(of: call, decoder: decoder, limit: limit), defaultIndex: index)
        }
        call.faultyItems?.apply(to: request)
        let outcome = try await write(request)
        let took = Int((configuration.now() - start) / 1_000_000)
        let arena = ByteArena(capacity: 64 + outcome.items.count * 64)
        let members = filter?.bulkItemMembers
        BulkResponse(
            request: request,
            outcome: outcome,
            took: took,
            hasTook: members == nil || filter?.has("took") == true,
            members: members
        ).write(to: arena)
        if let filter, members == nil {
            return HTTPReply(json: filter.apply(to: try JSONValue.parse(arena.view)).bytes)
        }
        return HTTPReply(json: arena)
    }
}
