// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// An HTTP proxy that makes tunnels (CONNECT) to ports of this machine, whatever the host is called.
final class TunnelProxy: Sendable {
    struct Request: Sendable {
        let target: String
        let authorization: String?
    }

    private struct State {
        var requests: [Request] = []
        var sockets: [Socket] = []
    }

    let port: Int
    private let listener: Socket
    private let state = Mutex(State())

    init() throws {
        let listener = try Socket.listening()
        self.listener = listener
        port = listener.port
        Thread.detachNewThread { [weak self] in
            while let connection = listener.accepted() {
                self?.keep(connection)
                Thread.detachNewThread { [weak self] in self?.serve(connection) }
            }
        }
    }

    deinit { stop() }

    var requests: [Request] { state.withLock { $0.requests } }

    func stop() {
        listener.shut()
        for socket in state.withLock({ $0.sockets }) { socket.shut() }
    }

    private func keep(_ socket: Socket) { state.withLock { $0.sockets.append(socket) } }

    private func serve(_ connection: Socket) {
        defer { connection.shut() }
        var rest: [UInt8] = []
        guard let message = try? HTTPMessage.read(from: connection, rest: &rest, endsWithConnection: false),
            message.method == "CONNECT", let port = message.target.split(separator: ":").last.flatMap({ Int($0) })
        else { return }
        let request = Request(target: message.target, authorization: message.headers["proxy-authorization"])
        state.withLock { $0.requests.append(request) }
        guard let destination = try? Socket.connected(port: port, timeout: 60),
            (try? connection.send(Array("HTTP/1.1 200 OK\r\n\r\n".utf8))) != nil
        else { return }
        keep(destination)
        Thread.detachNewThread { Self.pump(destination, connection) }
        Self.pump(connection, destination)
    }

    private static func pump(_ source: Socket, _ destination: Socket) {
        while let bytes = try? source.receive(), !bytes.isEmpty {
            guard (try? destination.send(bytes)) != nil else { break }
        }
        destination.shut()
    }
}
