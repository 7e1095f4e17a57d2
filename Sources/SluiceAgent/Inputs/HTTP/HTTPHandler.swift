// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// One connection of a `HTTPSource`: collects bodies, and answers. Belongs to its event loop.
final class HTTPHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let source: HTTPSource
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    /// Bytes of this connection that are counted as being taken.
    private var held = 0
    private var isCounted = false
    /// A request has come, and its answer has not been sent.
    private var isAnswering = false
    /// The request has been answered before its end; what is left of it is passed over.
    private var isRefused = false

    init(_ source: HTTPSource) { self.source = source }

    func channelActive(context: ChannelHandlerContext) {
        source.counters.connections.add(1, ordering: .relaxed)
        isCounted = true
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        letGo()
        if isCounted { source.counters.connections.subtract(1, ordering: .relaxed) }
        isCounted = false
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(context, head)
        case .body(let part): take(context, part)
        case .end: finish(context)
        }
    }

    /// Who sends nothing for a minute has gone.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent, !isAnswering {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func begin(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        self.head = head
        body = ByteBuffer()
        isRefused = false
        if let refusal = HTTPRequestCheck.refusal(head, source.options) {
            refuse(context, refusal)
        } else if head.headers.first(name: "Expect")?.lowercased() == "100-continue" {
            let head = HTTPResponseHead(version: head.version, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        }
    }

    private func take(_ context: ChannelHandlerContext, _ part: ByteBuffer) {
        guard !isRefused else { return }
        let count = part.readableBytes
        if body.readableBytes + count > source.options.maximumBodyBytes {
            return refuse(context, HTTPRequestCheck.tooLarge(source.options))
        }
        guard source.hold(count) else {
            return refuse(
                context,
                .refusal(503, "too much is being sent at once: try again", retryAfter: source.options.retryAfter)
            )
        }
        held += count
        body.writeImmutableBuffer(part)
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard !isRefused, let head else { return }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        let isKeptAlive = head.isKeepAlive
        isAnswering = true
        let whole = body
        body = ByteBuffer()
        source.take(whole, HTTPRequestCheck.encoding(head) ?? .none) { answer in
            loop.execute {
                let (handler, context) = bound.value
                handler.letGo()
                handler.isAnswering = false
                handler.send(context, answer, isKeptAlive: isKeptAlive)
            }
        }
    }

    /// Answers before the request is at its end.
    private func refuse(_ context: ChannelHandlerContext, _ answer: HTTPAnswer) {
        isRefused = true
        body = ByteBuffer()
        letGo()
        // What is still to come is not read: the connection ends.
        send(context, answer, isKeptAlive: false)
    }

    private func letGo() {
        source.letGo(held)
        held = 0
    }

    private func send(_ context: ChannelHandlerContext, _ answer: HTTPAnswer, isKeptAlive: Bool) {
        guard context.channel.isActive else { return }
        if answer.status >= 300 { source.counters.refusedRequests.add(1, ordering: .relaxed) }
        var headers = HTTPHeaders()
        headers.add(name: "Content-Type", value: "application/json")
        headers.add(name: "Content-Length", value: String(answer.body.utf8.count))
        if let seconds = answer.retryAfter { headers.add(name: "Retry-After", value: String(seconds)) }
        if let header = answer.header { headers.add(name: header.name, value: header.value) }
        headers.add(name: "Connection", value: isKeptAlive ? "keep-alive" : "close")
        let response = HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: answer.status),
            headers: headers
        )
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
        let end = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        guard !isKeptAlive else { return }
        let loop = context.eventLoop
        let bound = NIOLoopBound(context, eventLoop: loop)
        // Closing at once while the sender still sends would take the answer away from it.
        let pause = TimeAmount.milliseconds(isRefused ? 500 : 0)
        end.whenComplete { _ in loop.scheduleTask(in: pause) { bound.value.close(promise: nil) } }
    }
}
