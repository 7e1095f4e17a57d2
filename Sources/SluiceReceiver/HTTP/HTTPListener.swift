// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import SluiceBytes

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
    let logger: Logger
    /// Is told the port that was bound.
    let onListening: @Sendable (Int) -> Void

    /// A connection on which nothing moves for this long is closed, so that half requests hold nothing for ever.
    static let idleTimeout = TimeAmount.seconds(120)

    func run() async throws {
        var configuration = HTTP1Channel.Configuration(idleTimeout: Self.idleTimeout)
        // A search in a query string can be long.
        configuration.httpDecoder = .init(maxHeaderFieldSize: 128 << 10, maxHeaderListSize: 256 << 10)
        let server = try HTTPServerBuilder.http1(configuration: configuration).buildServer(
            configuration: ServerConfiguration(address: .hostname(address.host, port: address.port)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "http", factory: { _ in SwiftLogNoOpLogHandler() }),
            responder: { request, writer, channel in
                let (reply, isLast) = try await respond(to: request)
                var head = HTTPResponse(status: .init(code: reply.status))
                if reply.status != 204 { head.headerFields[.contentType] = reply.contentType }
                for field in api.fields {
                    if let name = HTTPField.Name(field.name) { head.headerFields[name] = field.value }
                }
                let isBodiless = request.method == .head || reply.status == 204
                if isLast { head.headerFields[.connection] = "close" }
                if reply.status != 204 { head.headerFields[.contentLength] = "\(reply.body.readableBytes)" }
                try await writer.write(
                    response: head,
                    body: isBodiless ? ResponseBody() : ResponseBody(byteBuffer: reply.body)
                )
                if isLast { channel.close(promise: nil) }
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

    /// How much of a body that was refused is read on, so that its sender, busy sending, gets to see the answer.
    private static let patience = 16 << 20

    /// The answer, and whether the connection is to be closed behind it.
    private func respond(to request: Request) async throws -> (reply: HTTPReply, isLast: Bool) {
        let limit = api.maximumBodyBytes
        let declared = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        let body = ByteArena(capacity: min(max(declared, 0), limit, 8 << 20))
        var taken = 0
        var refusal: HTTPReply?
        defer { inFlight.giveBack(taken) }
        if declared > limit { refusal = api.replyToLargeBody() }
        var discarded = 0
        for try await part in request.body {
            let count = part.readableBytes
            if refusal == nil, body.count + count > limit { refusal = api.replyToLargeBody() }
            if refusal == nil {
                if inFlight.take(count) { taken += count } else { refusal = api.replyWhenOverloaded() }
            }
            if refusal != nil {
                discarded += count
                if let refusal, discarded > Self.patience { return (refusal, true) }
                continue
            }
            body.append(part)
        }
        if let refusal { return (refusal, false) }
        let target = request.head.path ?? "/"
        let text = Array(target.utf8)
        let question = text.firstIndex(of: UInt8(ascii: "?"))
        let call = HTTPCall(
            method: request.method.rawValue,
            path: text[..<(question ?? text.endIndex)].split(separator: UInt8(ascii: "/")).map {
                QueryParameters.decode($0, plusIsSpace: false)
            },
            query: question.map { QueryParameters(text[($0 + 1)...]) } ?? QueryParameters(),
            headers: request.headers,
            body: body
        )
        return (await api.reply(to: call), false)
    }
}
