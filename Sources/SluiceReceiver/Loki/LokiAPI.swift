// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceCompression

/// Loki's HTTP API, as far as agents, Grafana's data source and `logcli` use it.
///
/// Source: Loki's HTTP API reference. Errors are plain text, as Loki's are.
struct LokiAPI: HTTPAPI {
    let configuration: Receiver.Configuration
    let store: Store

    var maximumBodyBytes: Int { configuration.loki.maximumBodyBytes }
    var fields: [(name: String, value: String)] { [] }
    var faultAPI: FaultRule.API { .loki }

    func isWrite(method: String, path: [String]) -> Bool { method == "POST" && path.last == "push" }

    func reply(toFault status: Int) -> HTTPReply { HTTPReply(status: status, text: "a fault that was asked for\n") }

    func replyToLargeBody() -> HTTPReply {
        store.tally.add { $0.loki.refusals += 1 }
        return HTTPReply(status: 413, text: "request body too large: the limit is \(maximumBodyBytes) bytes\n")
    }

    func replyWhenOverloaded() -> HTTPReply {
        HTTPReply(status: 429, text: "too many bytes are being ingested at once; try again later\n")
    }

    func replyToStranger() -> HTTPReply {
        HTTPReply(
            status: 401,
            text:
                "unauthorized: send the receiver's token as 'Authorization: Bearer TOKEN', as an API key or as a password\n"
        )
    }

    func reply(to call: HTTPCall) async -> HTTPReply {
        let tenant = call.header("X-Scope-OrgID").flatMap { $0.isEmpty ? nil : $0 } ?? "fake"
        switch (call.method, call.path) {
        case (_, ["ready"]): return HTTPReply(status: 200, text: "ready\n")
        case ("GET", ["config", "tenant", "v1", "limits"]): return HTTPReply(json: configuration.loki.json.bytes)
        case ("POST", ["loki", "api", "v1", "push"]), ("POST", ["api", "prom", "push"]):
            return await push(call, tenant: tenant)
        case (_, ["loki", "api", "v1", "push"]):
            return HTTPReply(status: 405, text: "method not allowed: push with POST\n")
        default: return await LokiQueryAPI(configuration: configuration, store: store).reply(to: call, tenant: tenant)
        }
    }

    // MARK: Push

    private func push(_ call: HTTPCall, tenant: String) async -> HTTPReply {
        do {
            let (outcome, fault) = try await take(call, tenant: tenant)
            store.tally.add { counters in
                counters.loki.requests += 1
                counters.loki.events += outcome.stored
                counters.loki.duplicates += outcome.duplicates
                counters.loki.refusals += outcome.refused
                counters.loki.bytes += outcome.bytes
            }
            return fault ?? Self.reply(to: outcome)
        } catch let error as LokiPushError {
            store.tally.add { counters in
                counters.loki.requests += 1
                counters.loki.refusals += 1
            }
            return HTTPReply(status: error.status, text: error.message + "\n")
        } catch ReceiverError.stopping {
            return HTTPReply(status: 503, text: "\(ReceiverError.stopping)\n")
        } catch {
            return HTTPReply(status: 500, text: "\(error)\n")
        }
    }

    private func take(_ call: HTTPCall, tenant: String) async throws -> (LokiPushJob.Outcome, HTTPReply?) {
        guard !tenant.contains("|") else {
            throw LokiPushError(status: 400, message: "multiple org IDs present")
        }
        guard tenant.utf8.count <= 150 else {
            throw LokiPushError(status: 400, message: "tenant ID is too long: max 150 characters")
        }
        let isProtobuf: Bool
        let mediaType = call.header("Content-Type").flatMap { MediaType($0) }
        switch mediaType?.essence {
        case nil: throw LokiPushError(status: 400, message: "mime: no media type")
        case "application/json": isProtobuf = false
        // As in Loki, whatever it is called.
        case .some: isProtobuf = true
        }
        var coding = call.header("Content-Encoding")
        if isProtobuf, coding?.lowercased() == "snappy" { coding = nil }
        let limit = configuration.loki.maximumInflatedBytes
        let now = configuration.now()
        let body = call.body
        let plainCoding = coding
        let push = try await store.decoders.run { decoder in
            let text: ByteArena
            do {
                text = try decoder.content.decode(body, coding: plainCoding, limit: limit)
            } catch ContentDecoder.Failure.unsupported(let name) {
                throw LokiPushError(status: 400, message: "Content-Encoding \"\(name)\" not supported")
            } catch ContentDecoder.Failure.damaged(let reason) {
                throw LokiPushError(status: 400, message: reason)
            } catch ContentDecoder.Failure.tooLarge(let limit) {
                throw LokiPushError(
                    status: 413,
                    message: "message size too large: the decompressed body is larger than \(limit) bytes"
                )
            }
            if isProtobuf {
                let message = try Self.message(text.view, limit: limit)
                return try decoder.loki.decode(protobuf: message.view, tenant: tenant, now: now)
            }
            return try decoder.loki.decode(text.view, tenant: tenant, now: now)
        }
        call.faultyItems?.apply(to: push)
        let fault = push.fault
        let outcome = try await withCheckedThrowingContinuation { continuation in
            store.writer.submit(LokiPushJob(push, continuation: continuation))
        }
        return (outcome, fault)
    }

    /// The message in a body that Snappy has compressed.
    private static func message(_ data: ByteView, limit: Int) throws(LokiPushError) -> ByteArena {
        let message = ByteArena(capacity: min(limit, data.count * 4))
        do {
            try SnappyDecompressor.decompress(data, to: message, limit: limit)
        } catch {
            switch error {
            case .tooLarge:
                throw LokiPushError(
                    status: 413,
                    message: "message size too large: the decompressed body is larger than \(limit) bytes"
                )
            default: throw LokiPushError(status: 400, message: "couldn't parse push request: \(error)")
            }
        }
        return message
    }

    static func reply(to outcome: LokiPushJob.Outcome) -> HTTPReply {
        // Loki's ingesters answer before its distributor says what it took out itself.
        if let error = outcome.ingesterErrors.last {
            return HTTPReply(status: outcome.hasTooManyStreams ? 429 : 400, text: error + "\n")
        }
        guard !outcome.distributorErrors.isEmpty else { return HTTPReply(status: 204) }
        var order: [String] = []
        var counts: [String: Int] = [:]
        for error in outcome.distributorErrors {
            if counts[error] == nil { order.append(error) }
            counts[error, default: 0] += 1
        }
        let text = order.map { error in
            let count = counts[error] ?? 1
            return order.count > 1 || count > 1 ? "\(count) errors like: \(error)" : error
        }
        return HTTPReply(status: 400, text: text.joined(separator: "; ") + "\n")
    }
}
