// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Notices on a plain connection that the other side speaks TLS, or hangs up as those do that wait for TLS.
final class PlainTextHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private var hasAsked = false
    private var hasAnswer = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        hasAsked = true
        context.write(data, promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !hasAnswer {
            hasAnswer = true
            let buffer = unwrapInboundIn(data)
            // An alert or a part of a handshake, in a record of TLS (RFC 8446, 5.1).
            let start: [UInt8]? = buffer.getBytes(at: buffer.readerIndex, length: min(2, buffer.readableBytes))
            if start == [0x15, 0x03] || start == [0x16, 0x03] {
                context.fireErrorCaught(
                    TransportError("it speaks TLS: the address begins with https://", isConfiguration: true)
                )
                context.close(promise: nil)
                return
            }
        }
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if hasAsked, !hasAnswer {
            context.fireErrorCaught(
                TransportError(
                    "it closed the connection without an answer: if it speaks TLS, the address begins with https://"
                )
            )
        }
        context.fireChannelInactive()
    }
}
