// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
package import NIOPosix

/// Sends requests over HTTP/1.1, on connections that are kept.
package struct HTTPTransport: Transport {
    /// An answer larger than this is cut off, and no yes.
    private static let maximumResponse = 64 << 20

    private let client: HTTPClient

    package init(group: MultiThreadedEventLoopGroup) {
        var configuration = HTTPClient.Configuration(
            timeout: .init(connect: .seconds(10)),
            decompression: .disabled
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.idleTimeout = .seconds(60)
        // When to try again is the outputs' business: they know the backoff that was asked for, and say that they fail.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.redirectConfiguration = .disallow
        // Nobody would collect the spans, and making them is a twentieth of what a request costs.
        configuration.tracing.tracer = nil
        client = HTTPClient(eventLoopGroup: group, configuration: configuration)
    }

    package func shutdown() async { try? await client.shutdown() }

    package func send(
        _ request: OutputRequest,
        options: OutputOptions,
        address: String
    ) async throws -> TransportResponse {
        var message = HTTPClientRequest(url: address + request.target)
        message.method = .POST
        message.headers.reserveCapacity(4 + options.headers.count)
        message.headers.add(name: "Content-Type", value: request.contentType)
        if request.isCompressed { message.headers.add(name: "Content-Encoding", value: "gzip") }
        message.headers.add(name: "User-Agent", value: "sluice")
        for header in options.headers { message.headers.replaceOrAdd(name: header.name, value: header.value) }
        message.body = .bytes(request.body)
        do {
            let response = try await client.execute(message, timeout: .nanoseconds(options.timeout))
            let body = try await response.body.collect(upTo: Self.maximumResponse)
            let after = response.headers.first(name: "Retry-After").flatMap { Int($0) }
            return TransportResponse(status: Int(response.status.code), retryAfter: after, body: body)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw TransportError("\(address) gave no answer: \(Self.describe(error))")
        }
    }

    private static func describe(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            let attempts = error.connectionErrors.map { describe($0.error) }
            return "cannot connect (\(attempts.first ?? "no address found"))"
        case let error as HTTPClientError where error == .deadlineExceeded: return "it took longer than the timeout"
        case let error as HTTPClientError where error == .connectTimeout: return "connecting took too long"
        case let error as HTTPClientError where error == .remoteConnectionClosed: return "it closed the connection"
        case let error as IOError: return unsafe String(cString: strerror(error.errnoCode))
        default:
            let text = "\(error)"
            return tlsFailure(text) ?? text
        }
    }

    /// What went wrong in BoringSSL, by its own name and without the place in its sources.
    private static func tlsFailure(_ text: String) -> String? {
        guard let mark = text.firstRange(of: "OPENSSL_internal:") else { return nil }
        let name = text[mark.upperBound...].prefix { $0.isLetter || $0 == "_" }
        return "TLS failed: " + String(name.map { $0 == "_" ? " " : $0 }).lowercased()
    }
}
