// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Glibc
package import Logging
import NIOCore
import NIOHTTP1
package import NIOPosix

/// Sends requests over HTTP/1.1, on connections that are kept.
package struct HTTPTransport: Transport {
    /// An answer larger than this is cut off, and no yes.
    private static let maximumResponse = 64 << 20

    private let routes: HTTPRoutes
    package let executor: (any TaskExecutor)?

    package init(group: MultiThreadedEventLoopGroup, logger: Logger) {
        executor = EventLoopTaskExecutor(group.next())
        routes = HTTPRoutes(group: group, environment: .ofThisProcess, logger: logger)
    }

    package func shutdown() async { await routes.shutdown() }

    package func send(
        _ request: OutputRequest,
        options: OutputOptions,
        address: String
    ) async throws -> TransportResponse {
        let route = try routes.route(to: address, options: options)
        var message = HTTPClientRequest(url: route.base + request.target)
        message.method = HTTPMethod(rawValue: request.method.rawValue)
        message.headers.reserveCapacity(5 + options.headers.count)
        message.headers.add(name: "Host", value: route.host)
        message.headers.add(
            name: request.contentType.isEmpty ? "Accept" : "Content-Type",
            value: request.contentType.isEmpty ? "application/json" : request.contentType
        )
        if request.isCompressed { message.headers.add(name: "Content-Encoding", value: "gzip") }
        message.headers.add(name: "User-Agent", value: "sluice")
        for header in options.headers { message.headers.replaceOrAdd(name: header.name, value: header.value) }
        if !request.contentType.isEmpty { message.body = .bytes(request.body) }
        do {
            let response = try await route.client.execute(message, timeout: .nanoseconds(options.timeout))
            let body = try await response.body.collect(upTo: Self.maximumResponse)
            let after = response.headers.first(name: "Retry-After").flatMap {
                RetryAfter.seconds($0, date: response.headers.first(name: "Date"), now: SystemClock.now())
            }
            return TransportResponse(status: Int(response.status.code), retryAfter: after, body: body)
        } catch let error as CancellationError {
            throw error
        } catch {
            let way = route.proxy.map { " through the proxy \($0)" } ?? ""
            throw TransportError(
                "\(address) gave no answer\(way): \(Self.describe(error, options))",
                isConfiguration: Self.isConfiguration(error),
                isLate: error as? HTTPClientError == .deadlineExceeded
            )
        }
    }

    /// Whether a person must mend it here, as far as can be told.
    private static func isConfiguration(_ error: any Error) -> Bool {
        (error as? TransportError)?.isConfiguration == true
            || (error as? HTTPClientError) == .proxyAuthenticationRequired
    }

    private static func describe(_ error: any Error, _ options: OutputOptions) -> String {
        switch error {
        case let error as TransportError: return error.description
        case let error as NIOConnectionError:
            guard let attempt = error.connectionErrors.first else {
                return "the name '\(error.host)' has no address"
            }
            return "cannot connect (\(describe(attempt.error, options)))"
        case let error as HTTPClientError where error == .deadlineExceeded: return "it took longer than the timeout"
        case let error as HTTPClientError where error == .connectTimeout: return "connecting took too long"
        case let error as HTTPClientError where error == .remoteConnectionClosed: return "it closed the connection"
        case let error as IOError: return unsafe String(cString: strerror(error.errnoCode))
        case let error as HTTPClientError where error == .proxyAuthenticationRequired:
            return "the proxy wants a name and a password: write them into proxy_url"
        case let error as HTTPClientError where error == .invalidProxyResponse:
            return "the proxy does not connect to it: check that it allows this destination and port"
        case let error as HTTPClientError where error == .httpProxyHandshakeTimeout:
            return "the proxy took too long"
        default: return TLSFailure.describe(error, options: options.tls ?? TLSOptions()) ?? "\(error)"
        }
    }
}
