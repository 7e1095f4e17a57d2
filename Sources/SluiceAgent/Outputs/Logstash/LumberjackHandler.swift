// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// One connection to a server of the Lumberjack protocol: writes windows, and hears acknowledgements. Belongs to its
/// event loop.
final class LumberjackHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A window is written in such pieces: each that has gone shows that the other side still reads.
    private static let piece = 64 << 10

    private let number: Int
    /// Nil once the connection is nobody's any more.
    private var sender: LumberjackSender?
    /// The longest that nothing may happen while windows are under way.
    private let timeout: TimeAmount
    private var exchange = LumberjackExchange()
    private var context: ChannelHandlerContext?
    private var deadline: Scheduled<Void>?

    /// - Parameter number: the connection's, for `sender`.
    init(_ sender: LumberjackSender, connection number: Int, timeout: TimeAmount) {
        self.sender = sender
        self.number = number
        self.timeout = timeout
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Writes a window. What becomes of it, the sender is told.
    func write(_ window: UInt64, events: Int, _ frames: ByteBuffer) {
        exchange.write(window, events: events)
        watch()
        var rest = frames
        while let context, rest.readableBytes > 0,
            let piece = rest.readSlice(length: min(Self.piece, rest.readableBytes))
        {
            let gone = context.eventLoop.makePromise(of: Void.self)
            gone.futureResult.assumeIsolated().whenSuccess { self.watch() }
            context.write(wrapOutboundOut(piece), promise: gone)
        }
        context?.flush()
    }

    /// Closes the connection without a word to the sender.
    func leave() {
        sender = nil
        deadline?.cancel()
        context?.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        for event in exchange.receive(unwrapInboundIn(data).readableBytesView) {
            switch event {
            case .alive: continue
            case .acknowledged(let window): sender?.acknowledged(window)
            case .violation(let reason): end(reason)
            }
        }
        watch()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end("it closed the connection")
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { end(ConnectionFailure.text(error)) }

    /// Begins to wait anew, or stops if there is nothing to wait for.
    private func watch() {
        deadline?.cancel()
        deadline = nil
        guard !exchange.isIdle, sender != nil, let context else { return }
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
            self.end("it took longer than the timeout")
        }
    }

    private func end(_ reason: String) {
        guard let sender else { return }
        let cuts = exchange.end()
        leave()
        sender.ended(number, cuts, reason)
    }
}
