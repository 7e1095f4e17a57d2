// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import SluiceBytes
import SluiceCompression
import SluiceReceiver
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// A receiver on ports of the system's choice, with a directory of its own.
struct LiveReceiver: Sendable {
    struct Answer: Sendable {
        var status: UInt
        var text: String
        var headers: [String: String]
    }

    let receiver: Receiver
    let ports: BoundPorts

    /// Runs `body` against a receiver, and ends it.
    ///
    /// - Parameter directory: nil makes a new one.
    static func run(
        directory: String? = nil,
        _ configure: (inout Receiver.Configuration) -> Void = { _ in },
        _ body: @Sendable @escaping (LiveReceiver) async throws -> Void
    ) async throws {
        try await withDirectory(directory) { directory in
            var configuration = Receiver.Configuration(dataDirectory: directory)
            configuration.lokiAddress = Receiver.Address(port: 0)
            configuration.elasticsearchAddress = Receiver.Address(port: 0)
            configure(&configuration)
            let receiver = try Receiver(
                configuration: configuration,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await receiver.run() }
                let ports = try await receiver.boundPorts
                group.addTask { try await body(LiveReceiver(receiver: receiver, ports: ports)) }
                // Whichever ends first: the body, or the receiver with an error.
                try await group.next()
                group.cancelAll()
                while let result = await group.nextResult() { _ = result }
            }
        }
    }

    /// A directory of its own, removed afterwards; or the one given, left alone.
    static func withDirectory(_ given: String?, _ body: (String) async throws -> Void) async throws {
        if let given { return try await body(given) }
        let directory = try makeDirectory()
        defer { remove(directory) }
        try await body(directory)
    }

    static func makeDirectory() throws -> String {
        var template = Array("/tmp/sluice-receiver-XXXXXX".utf8CString)
        let isMade = unsafe mkdtemp(&template) != nil
        try #require(isMade)
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func remove(_ directory: String) {
        for name in ["receiver.db", "receiver.db-wal", "receiver.db-shm", "receiver.lock"] {
            _ = unsafe unlink(directory + "/" + name)
        }
        _ = unsafe rmdir(directory)
    }

    // MARK: Requests

    func loki(
        _ method: String = "GET",
        _ path: String,
        _ body: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        try await send(method, port: ports.loki, path, body.map { Array($0.utf8) }, headers)
    }

    func elasticsearch(
        _ method: String = "GET",
        _ path: String,
        _ body: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        try await send(method, port: ports.elasticsearch, path, body.map { Array($0.utf8) }, headers)
    }

    func send(
        _ method: String,
        port: Int?,
        _ path: String,
        _ body: [UInt8]?,
        _ headers: [String: String]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port ?? 0)\(path)")
        request.method = .RAW(value: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            if headers["Content-Type"] == nil { request.headers.add(name: "Content-Type", value: "application/json") }
            if headers["Content-Type"] == "" { request.headers.remove(name: "Content-Type") }
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let buffer = try await response.body.collect(upTo: 64 << 20)
        return Answer(
            status: response.status.code,
            text: String(buffer: buffer),
            headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        )
    }

    // MARK: Shapes

    static var now: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// `{"streams":[…]}` with one stream.
    static func push(_ labels: String, _ values: [(Int64, String)]) -> String {
        let entries = values.map { "[\"\($0.0)\",\"\($0.1)\"]" }.joined(separator: ",")
        return "{\"streams\":[{\"stream\":\(labels),\"values\":[\(entries)]}]}"
    }

    static func gzip(_ text: String) throws -> [UInt8] {
        let arena = ByteArena()
        let compressor = try GzipCompressor(level: 1)
        text.withByteView { compressor.compress($0, to: arena) }
        return arena.view.array
    }

    /// The lines that a query finds, in the order of the answer's streams and values.
    func lines(_ query: String, _ more: String = "", tenant: String? = nil) async throws -> [String] {
        let answer = try await loki(
            "GET",
            "/loki/api/v1/query_range?limit=5000&direction=forward&query=\(Self.encode(query))\(more)",
            headers: tenant.map { ["X-Scope-OrgID": $0] } ?? [:]
        )
        try #require(answer.status == 200, "\(answer.text)")
        var lines: [String] = []
        let tree = try JSONTree(answer.text)
        for stream in tree["data"]?["result"]?.elements ?? [] {
            for value in stream["values"]?.elements ?? [] { lines.append(value.elements[1].text) }
        }
        return lines
    }

    static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20)
            return isPlain ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
