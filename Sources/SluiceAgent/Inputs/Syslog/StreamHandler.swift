// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SluiceBytes
import SluiceEvents

/// One connection of a `StreamSource`. Belongs to its event loop.
final class StreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let options: ListenerOptions
    private let queue: DurableQueue
    private let counters: InputCounters
    private var framer: MessageFramer
    private var origin = ""
    /// Nothing is read, because the queue has no room.
    private var isHeldBack = false
    private var isCounted = false

    init(_ options: ListenerOptions, _ queue: DurableQueue, _ counters: InputCounters) {
        self.options = options
        self.queue = queue
        self.counters = counters
        framer = MessageFramer(options.framing, delimiter: options.delimiter, maximumBytes: options.maximumBytes)
    }

    func channelActive(context: ChannelHandlerContext) {
        let open = counters.connections.add(1, ordering: .relaxed).newValue
        isCounted = true
        if options.maximumConnections > 0, open > options.maximumConnections {
            context.close(promise: nil)
            return
        }
        let address = ListeningSocket.text(context.remoteAddress)
        if !address.isEmpty { origin = MessageOrigin.json(address: address) }
        readMore(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        unsafe buffer.withUnsafeReadableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            let view = unsafe ByteView(base: base.assumingMemoryBound(to: UInt8.self), count: bytes.count)
            // Room was looked for before reading; all that has been read is taken.
            framer.append(view) { queue.put($0, origin: origin, isTruncated: $1, isForced: true) }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        readMore(context)
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        framer.finish { queue.put($0, origin: origin, isTruncated: $1, isForced: true) }
        if isCounted { counters.connections.subtract(1, ordering: .relaxed) }
        isCounted = false
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent, !isHeldBack {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func readMore(_ context: ChannelHandlerContext) {
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, context), eventLoop: loop)
        isHeldBack = queue.whenRoom {
            loop.execute {
                let (handler, context) = bound.value
                if context.channel.isActive { handler.readMore(context) }
            }
        }
        if !isHeldBack { context.read() }
    }
}
