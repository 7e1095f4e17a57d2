// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOTLS

/// Stands behind NIOSSL's handler: waits for the end of the handshake, and puts what goes wrong into words.
final class TLSHandshakeHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let options: TLSOptions
    private let verdict: TLSVerdict
    private let patience: TimeAmount
    private var promise: EventLoopPromise<Void>?
    private var deadline: Scheduled<Void>?

    init(options: TLSOptions, verdict: TLSVerdict, promise: EventLoopPromise<Void>, patience: TimeAmount) {
        self.options = options
        self.verdict = verdict
        self.promise = promise
        self.patience = patience
    }

    func handlerAdded(context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: patience) { [weak self] in
            self?.finish(TransportError("the TLS handshake took too long"))
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish(TransportError("the connection ended during the TLS handshake"))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent { finish(nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let words = verdict.refusal ?? TLSFailure.describe(error, options: options)
        let translated: any Error = words.map { TransportError($0, isConfiguration: true) } ?? error
        if promise != nil { finish(translated) } else { context.fireErrorCaught(translated) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(TransportError("it closed the connection during the TLS handshake: check that this port speaks TLS"))
        context.fireChannelInactive()
    }

    private func finish(_ error: (any Error)?) {
        deadline?.cancel()
        deadline = nil
        guard let promise else { return }
        self.promise = nil
        if let error { promise.fail(error) } else { promise.succeed() }
    }
}
