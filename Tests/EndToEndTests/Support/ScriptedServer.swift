// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// A destination that answers as a test wants it to, from threads of its own.
final class ScriptedServer: Sendable {
    enum Answer: Sendable {
        case status(Int, String, headers: [String] = [])
        /// Writes this as it is, and closes the connection.
        case raw(String)
        /// Never answers, and keeps the connection.
        case hang
        /// What a Loki or an Elasticsearch says that takes everything.
        case good
    }

    /// A push or bulk request, with its body decompressed.
    struct Request: Sendable {
        let method: String
        let path: String
        let headers: [String: String]
        let body: String

        /// The documents of a bulk request.
        var documents: [String] {
            body.split(separator: "\n").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
        }
    }

    private struct State {
        var connections: [Socket] = []
        var received: [Request] = []
        var taken: [Request] = []
        var asked: [Request] = []
        var isStopped = false
    }

    let port: Int
    private let listener: Socket
    private let script: @Sendable (_ number: Int, _ request: Request) -> Answer
    private let question: (@Sendable (Request) -> Answer)?
    private let state = Mutex(State())
    private let listeningEnded = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - script: the answer to each push or bulk request; the first has the number 0.
    ///   - question: the answer to any other request, which is an empty object if there is none.
    init(
        port: Int = 0,
        script: @escaping @Sendable (_ number: Int, _ request: Request) -> Answer,
        question: (@Sendable (Request) -> Answer)? = nil
    ) throws {
        let listener = try Socket.listening(port: port)
        self.listener = listener
        self.port = listener.port
        self.script = script
        self.question = question
        let ended = listeningEnded
        Thread.detachNewThread { [weak self] in
            while let connection = listener.accepted(), let self, self.keeps(connection) {
                Thread.detachNewThread { [weak self] in self?.serve(connection) }
            }
            listener.close()
            ended.signal()
        }
    }

    deinit { stop() }

    /// All push and bulk requests, in the order of their coming.
    var received: [Request] { state.withLock { $0.received } }
    /// Those that were answered with ``Answer/good``.
    var taken: [Request] { state.withLock { $0.taken } }

    /// All other requests.
    var asked: [Request] { state.withLock { $0.asked } }

    /// Ends all connections and takes no more.
    func stop() {
        let connections: [Socket]? = state.withLock { state in
            guard !state.isStopped else { return nil }
            state.isStopped = true
            defer { state.connections = [] }
            return state.connections
        }
        guard let connections else { return }
        listener.shut()
        listeningEnded.wait()
        connections.forEach { $0.shut() }
    }

    private func keeps(_ connection: Socket) -> Bool {
        state.withLock { state in
            if !state.isStopped { state.connections.append(connection) }
            return !state.isStopped
        }
    }

    private func serve(_ connection: Socket) {
        defer {
            connection.shut()
            connection.close()
            state.withLock { state in state.connections.removeAll { $0 === connection } }
        }
        var rest: [UInt8] = []
        while let message = try? HTTPMessage.read(from: connection, rest: &rest, endsWithConnection: false) {
            let isDelivery = message.target.contains("_bulk") || message.target.contains("/push")
            guard let body = try? message.plainBody() else { return }
            let request = Request(
                method: message.method,
                path: message.target,
                headers: message.headers,
                body: String(decoding: body, as: UTF8.self)
            )
            guard isDelivery else {
                state.withLock { $0.asked.append(request) }
                guard answer(question?(request) ?? .status(200, "{}"), request, connection) else { return }
                continue
            }
            let number = state.withLock { state in
                state.received.append(request)
                return state.received.count - 1
            }
            guard answer(script(number, request), request, connection) else { return }
        }
    }

    /// - Returns: whether the connection goes on.
    private func answer(_ answer: Answer, _ request: Request, _ connection: Socket) -> Bool {
        switch answer {
        case .status(let status, let body, let headers):
            return (try? connection.send(Self.bytes(status, body, headers))) != nil
        case .raw(let text):
            try? connection.send(Array(text.utf8))
            return false
        case .hang:
            // Until the other side gives up, or the test ends.
            while let bytes = try? connection.receive(), !bytes.isEmpty {}
            return false
        case .good:
            state.withLock { $0.taken.append(request) }
            guard request.path.contains("_bulk") else {
                return (try? connection.send(Self.bytes(204, "", []))) != nil
            }
            let body = Self.bulkAnswer(request.documents.map { _ in 201 })
            return (try? connection.send(Self.bytes(200, body, []))) != nil
        }
    }

    /// The answer to a bulk request whose items fared like this.
    static func bulkAnswer(_ statuses: [Int]) -> String {
        let items = statuses.map { status in
            let error =
                switch status {
                case 200...299: ""
                case 409: #","error":{"type":"version_conflict_engine_exception","reason":"document already exists"}"#
                case 429: #","error":{"type":"es_rejected_execution_exception","reason":"queue is full"}"#
                default: #","error":{"type":"document_parsing_exception","reason":"failed to parse field [x]"}"#
                }
            return #"{"create":{"_index":"logs-test","_id":"x","status":\#(status)\#(error)}}"#
        }
        let hasErrors = statuses.contains { $0 > 299 }
        return #"{"took":1,"errors":\#(hasErrors),"items":[\#(items.joined(separator: ","))]}"#
    }

    private static func bytes(_ status: Int, _ body: String, _ headers: [String]) -> [UInt8] {
        var head = "HTTP/1.1 \(status) Answer\r\nX-Elastic-Product: Elasticsearch\r\n"
        if !headers.contains(where: { $0.lowercased().hasPrefix("content-type") }) {
            head += "Content-Type: application/json\r\n"
        }
        for header in headers { head += header + "\r\n" }
        if status != 204 { head += "Content-Length: \(body.utf8.count)\r\n" }
        return Array((head + "\r\n" + body).utf8)
    }
}
