// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import NIOSSL

/// The server's side of TLS on a socket. NIO's handler does the work, in a channel that is driven by hand. Belongs to the
/// thread that makes it.
final class SecureConnection: Connection {
    private let socket: Socket
    private let channel = EmbeddedChannel()
    private var isReset = false

    init(_ socket: Socket, _ context: NIOSSLContext) throws {
        self.socket = socket
        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
        // The address is nobody's: it makes the channel an active one.
        channel.connect(to: try SocketAddress(unixDomainSocketPath: "/torture"), promise: nil)
    }

    deinit {
        // Says so to the other side, and does not wait until it answers: the channel's clock stands still otherwise.
        channel.close(mode: .all, promise: nil)
        if !isReset { _ = flush() }
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
    }

    func waits(milliseconds: Int32) -> Bool { socket.waits(milliseconds: milliseconds) }

    func resetsOnClose() {
        isReset = true
        socket.resetsOnClose()
    }

    func receive(into bytes: inout [UInt8]) -> Bool {
        let before = bytes.count
        while bytes.count == before {
            var encrypted: [UInt8] = []
            guard socket.receive(into: &encrypted) else { return false }
            do {
                try channel.writeInbound(ByteBuffer(bytes: encrypted))
                // Parts of the handshake, and alerts.
                guard flush() else { return false }
                while let plain = try channel.readInbound(as: ByteBuffer.self) {
                    bytes.append(contentsOf: plain.readableBytesView)
                }
            } catch {
                _ = flush()
                return false
            }
            guard channel.isActive || bytes.count > before else { return false }
        }
        return true
    }

    func send(_ bytes: ArraySlice<UInt8>) -> Bool {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        return flush()
    }

    private func flush() -> Bool {
        var encrypted: [UInt8] = []
        while let part = try? channel.readOutbound(as: ByteBuffer.self) {
            encrypted.append(contentsOf: part.readableBytesView)
        }
        return socket.send(encrypted[...])
    }
}
