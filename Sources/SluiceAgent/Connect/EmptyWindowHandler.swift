// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Sends an empty window, and hears what comes of it. Belongs to its event loop.
final class EmptyWindowHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// As long as this it is waited for a word against it.
    private static let patience = TimeAmount.milliseconds(500)

    private let isTLS: Bool
    private var promise: EventLoopPromise<Finding>?
    private var deadline: Scheduled<Void>?

    init(isTLS: Bool, promise: EventLoopPromise<Finding>) {
        self.isTLS = isTLS
        self.promise = promise
    }

    /// Sends it, on a connection that is there.
    func begin(_ channel: any Channel) {
        deadline = channel.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { self.hear([]) }
        channel.writeAndFlush(ByteBuffer(bytes: EmptyWindowAnswer.window), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { hear(unwrapInboundIn(data).readableBytesView) }

    func channelInactive(context: ChannelHandlerContext) {
        finish(
            .misconfigured(
                "it closed the connection on an empty window: "
                    + (isTLS
                        ? "check that this is Logstash's input 'beats', and whether it wants a client certificate"
                        : "check that this is Logstash's input 'beats', and whether it speaks TLS (ssl.enabled)")
            )
        )
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let words = ConnectionFailure.text(error)
        finish((error as? TransportError)?.isConfiguration == true ? .misconfigured(words) : .unavailable(words))
    }

    private func hear(_ bytes: some Collection<UInt8>) { finish(EmptyWindowAnswer.finding(bytes, isTLS: isTLS)) }

    private func finish(_ finding: Finding) {
        deadline?.cancel()
        promise?.succeed(finding)
        promise = nil
    }
}
