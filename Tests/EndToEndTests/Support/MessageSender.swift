// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A socket through which a test sends messages to an agent.
final class MessageSender {
    enum Target {
        case tcp(port: Int)
        case udp(port: Int)
        case unixStream(path: String)
        case unixDatagram(path: String)
    }

    private let descriptor: Int32

    /// Connects; a datagram's socket too, so that its sender has one name all the time.
    init(_ target: Target) throws {
        switch target {
        case .tcp(let port):
            descriptor = try Self.connected(AF_INET, Int32(SOCK_STREAM.rawValue), Self.internet(port))
        case .udp(let port):
            descriptor = try Self.connected(AF_INET, Int32(SOCK_DGRAM.rawValue), Self.internet(port))
        case .unixStream(let path):
            descriptor = try Self.connected(AF_UNIX, Int32(SOCK_STREAM.rawValue), Self.local(path))
        case .unixDatagram(let path):
            descriptor = try Self.connected(AF_UNIX, Int32(SOCK_DGRAM.rawValue), Self.local(path))
        }
    }

    deinit { close(descriptor) }

    /// Sends all of it: as one datagram, where it goes that way.
    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Socket.Failure("send") }
            sent += count
        }
    }

    private static func connected<Address>(_ family: Int32, _ type: Int32, _ address: Address) throws -> Int32 {
        let descriptor = socket(family, type | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Socket.Failure("socket") }
        var address = address
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard code == 0 else {
            let failure = Socket.Failure("connect")
            close(descriptor)
            throw failure
        }
        return descriptor
    }

    private static func internet(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func local(_ path: String) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8.prefix(107)) }
        return address
    }
}
