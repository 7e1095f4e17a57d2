// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// Makes requests on a connection to a proxy what a proxy takes: the whole address in place of the path (RFC 9112,
/// 3.2.2). For addresses with http alone; the others go through a tunnel.
final class ProxyRequestHandler: ChannelOutboundHandler {
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private let origin: String
    private let credentials: String?

    /// - Parameter origin: scheme, host and port of the destination.
    init(origin: String, credentials: String?) {
        self.origin = origin
        self.credentials = credentials
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data) else {
            context.write(data, promise: promise)
            return
        }
        head.uri = origin + head.uri
        if let credentials { head.headers.replaceOrAdd(name: "Proxy-Authorization", value: "Basic \(credentials)") }
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
