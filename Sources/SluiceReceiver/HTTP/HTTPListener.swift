// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One listening port with one API behind it. Bodies are read whole, within limits, and then handed on.
struct HTTPListener: Sendable {
    let address: Receiver.Address
    let api: any HTTPAPI
    let inFlight: InFlightBytes
    let gate: ListenerGate
    /// Nil if nothing is to go wrong on demand.
    let faults: FaultPlan?
    /// Nil: plain text.
    let tls: ListenerTLS?
    /// Nil if requests need none.
    let token: AccessToken?
    let logger: Logger
    /// Is told the port that was bound.
    let onListening: @Sendable (Int) -> Void

    /// A connection on which nothing moves for this long is closed, so that half requests hold nothing for ever.
    static let idleTimeout = TimeAmount.seconds(120)

    func run() async throws {
        var configuration = HTTP1Channel.Configuration(idleTimeout: Self.idleTimeout)
        // A search in a query string can be long.
        configuration.httpDecoder = .init(maxHeaderFieldSize: 128 << 10, maxHeaderListSize: 256 << 10)
        var builder = HTTPServerBuilder.http1(configuration: configuration)
        if let tls { builder = try .tls(builder, tlsConfiguration: tls.configuration) }
        let server = try builder.buildServer(
            configuration: ServerConfiguration(address: .hostname(address.host, port: address.port)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "http", factory: { _ in SwiftLogNoOpLogHandler() }),
            responder: { request, writer, channel in
                let answer = try await respond(to: request, channel)
                let (head, body) = response(answer, isHead: request.method == .head)
                try await writer.write(response: head, body: body)
                if answer.isLast { channel.close(promise: nil) }
            },
            onServerRunning: { channel in
                gate.add(channel)
                onListening(channel.localAddress?.port ?? address.port)
            }
        )
        do {
            try await server.run()
        } catch let error as IOError {
            throw ReceiverError.cannotListen(
                address: "\(address)",
                reason: unsafe String(cString: strerror(error.errnoCode)),
                isInUse: error.errnoCode == EADDRINUSE
            )
        } catch let error as NIOConnectionError {
            throw ReceiverError.cannotListen(address: "\(address)", reason: "\(error)", isInUse: false)
        } catch is SocketAddressError.UnknownHost {
            throw ReceiverError.cannotListen(
                address: "\(address)",
                reason: "no host of that name is known",
                isInUse: false
            )
        } catch let error as SocketAddressError {
            throw ReceiverError.cannotListen(address: "\(address)", reason: "\(error)", isInUse: false)
        }
    }

    private func response(_ answer: HTTPAnswer, isHead: Bool) -> (HTTPResponse, ResponseBody) {
        let reply = answer.reply
        var head = HTTPResponse(status: .init(code: reply.status))
        if reply.status != 204 { head.headerFields[.contentType] = reply.contentType }
        for field in api.fields + answer.fields {
            if let name = HTTPField.Name(field.name) { head.headerFields[name] = field.value }
        }
        if answer.isLast { head.headerFields[.connection] = "close" }
        if reply.status != 204 { head.headerFields[.contentLength] = "\(reply.body.readableBytes)" }
        if answer.isHalf {
            let half = reply.body.getSlice(at: reply.body.readerIndex, length: reply.body.readableBytes / 2)
            let body = ResponseBody { body in
                if let half { try await body.write(half) }
                throw FaultInTheMiddle()
            }
            return (head, body)
        }
        let isBodiless = isHead || reply.status == 204
        return (head, isBodiless ? ResponseBody() : ResponseBody(byteBuffer: reply.body))
    }
}
