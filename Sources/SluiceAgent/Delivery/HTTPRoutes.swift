// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// The ways to all destinations, each with a client that keeps its connections.
///
/// async-http-client knows no callback for verifying certificates. So it is given plain addresses and puts TLS on each
/// connection, before there is a request on it, where it lets a new connection be looked at.
final class HTTPRoutes: Sendable {
    private struct Key: Hashable {
        var address: String
        var tls: TLSOptions?
        var proxy: ProxyOptions
        /// Nanoseconds; 0: for ever.
        var idleTimeout: Int64
    }

    private struct State {
        var routes: [Key: HTTPRoute] = [:]
        var clients: [HTTPClient] = []
        var securing: [TLSOptions: TLSClient] = [:]
        var isOver = false
    }

    private let group: MultiThreadedEventLoopGroup
    private let logger: Logger
    private let environment: ProxyEnvironment
    private let state = Mutex(State())

    init(group: MultiThreadedEventLoopGroup, environment: ProxyEnvironment, logger: Logger) {
        self.group = group
        self.environment = environment
        self.logger = logger
        for variable in environment.unusable {
            logger.warning(
                "an environment variable names no HTTP proxy, so none is used: write http://HOST:PORT",
                metadata: ["variable": "\(variable)"]
            )
        }
    }

    /// - Throws: `TransportError` if the address is none, or it is too late.
    func route(to address: String, options: OutputOptions) throws -> HTTPRoute {
        let key = Key(
            address: address,
            tls: options.tls,
            proxy: options.proxy,
            idleTimeout: options.pace.idleConnectionTimeout
        )
        return try state.withLock { state in
            if let route = state.routes[key] { return route }
            guard !state.isOver else { throw TransportError("the agent ends") }
            guard let parts = OutputAddress.parts(address) else { throw TransportError("this is no address") }
            let route = makeRoute(key, parts, &state)
            state.routes[key] = route
            return route
        }
    }

    func shutdown() async {
        let clients = state.withLock { state in
            state.isOver = true
            state.routes = [:]
            return state.clients
        }
        for client in clients { try? await client.shutdown() }
    }

    private func makeRoute(
        _ key: Key,
        _ parts: (isTLS: Bool, host: String, port: Int, path: String),
        _ state: inout State
    ) -> HTTPRoute {
        let proxy: ProxyAddress? =
            switch key.proxy {
            case .none: nil
            case .url(let address): address
            case .environment: environment.proxy(isTLS: parts.isTLS, host: parts.host, port: parts.port)
            }
        let bracketed = parts.host.contains(":") ? "[\(parts.host)]" : parts.host
        let isStandard = parts.port == (parts.isTLS ? 443 : 80)
        let host = isStandard ? bracketed : "\(bracketed):\(parts.port)"

        var configuration = Self.configuration(idleTimeout: key.idleTimeout)
        let initialiser: @Sendable (any Channel) -> EventLoopFuture<Void>
        var target = "\(bracketed):\(parts.port)"
        if parts.isTLS {
            let options = key.tls?.isEnabled == false ? TLSOptions() : key.tls ?? TLSOptions()
            let tls = state.securing[options] ?? TLSClient(options, logger: logger)
            state.securing[options] = tls
            if let proxy {
                configuration.proxy = .server(
                    host: proxy.host,
                    port: proxy.port,
                    authorization: proxy.credentials.map { .basic(credentials: $0) }
                )
            }
            let name = parts.host
            initialiser = { channel in tls.secure(channel, host: name) }
        } else if let proxy {
            let origin = "http://\(bracketed):\(parts.port)"
            target = "\(proxy)"
            initialiser = { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
                    try pipeline.addHandler(
                        ProxyRequestHandler(origin: origin, credentials: proxy.credentials),
                        position: .after(encoder)
                    )
                }
            }
        } else {
            initialiser = { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(PlainTextHandler(), position: .first)
                }
            }
        }
        configuration.http1_1ConnectionDebugInitializer = { channel in
            // A server's word for each of some thousand events is one piece, and wakes who waits for it once.
            let replies = AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 16 << 10, maximum: 256 << 10)
            return channel.setOption(.recvAllocator, value: replies).flatMap { initialiser(channel) }
        }
        let client = HTTPClient(eventLoopGroup: group, configuration: configuration)
        state.clients.append(client)
        return HTTPRoute(client: client, base: "http://\(target)\(parts.path)", host: host, proxy: proxy)
    }

    private static func configuration(idleTimeout: Int64) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            timeout: .init(connect: .seconds(10)),
            decompression: .disabled
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.idleTimeout = idleTimeout > 0 ? .nanoseconds(idleTimeout) : .hours(24 * 365)
        // How many requests go at once is the outputs' business.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1024
        // When to try again is the outputs' business: they know the backoff that was asked for, and say that they fail.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.redirectConfiguration = .disallow
        // Nobody would collect the spans, and making them is a twentieth of what a request costs.
        configuration.tracing.tracer = nil
        return configuration
    }
}
