// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import NIOSSL

/// Speaks TLS in front of a server on this machine that does not.
final class TLSFront: Sendable {
    let port: Int
    private let listener: any Channel

    /// - Parameters:
    ///   - certificate: a PEM file with the server's own and those that signed it; `key` is the path of its key.
    ///   - clientAuthority: who has to have signed the certificates of clients, if they need one.
    ///   - server: the port of the server behind it.
    init(certificate: String, key: String, clientAuthority: String? = nil, server: Int) async throws {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
        )
        if let clientAuthority {
            configuration.trustRoots = .file(clientAuthority)
            configuration.certificateVerification = .noHostnameVerification
        }
        let context = try NIOSSLContext(configuration: configuration)
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop).connect(host: "127.0.0.1", port: server).flatMap { server in
                    client.eventLoop.makeCompletedFuture {
                        try client.pipeline.syncOperations.addHandlers(
                            NIOSSLServerHandler(context: context),
                            Pipe(to: server)
                        )
                        try server.pipeline.syncOperations.addHandler(Pipe(to: client))
                    }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
    }

    func stop() { listener.close(promise: nil) }

    /// Passes on what comes, and the end.
    private final class Pipe: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let other: any Channel

        init(to other: any Channel) { self.other = other }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            other.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
