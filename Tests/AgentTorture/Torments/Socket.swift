// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A TCP socket on the loopback interface, closed when nothing refers to it any more.
final class Socket: Connection, Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    private static func make() throws(Failure) -> Socket {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure("no socket to be had") }
        return Socket(descriptor: descriptor)
    }

    private static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return address
    }

    /// Listens, at a port that the system chooses if none is given.
    static func listening(port: Int = 0) throws(Failure) -> Socket {
        let socket = try bound(port: port)
        guard listen(socket.descriptor, 64) == 0 else { throw Failure("port \(port) cannot be listened at") }
        return socket
    }

    /// Keeps a port without listening at it: connections are refused, and nobody else gets it.
    static func bound(port: Int = 0) throws(Failure) -> Socket {
        let socket = try make()
        var yes: Int32 = 1
        unsafe setsockopt(socket.descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = address(port)
        let isBound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(socket.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isBound else { throw Failure("no port to be had") }
        return socket
    }

    static func connected(to port: Int) -> Socket? {
        guard let socket = try? make() else { return nil }
        var address = address(port)
        let isConnected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(socket.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        return isConnected ? socket : nil
    }

    var port: Int {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// The next connection, waiting for it a tenth of a second.
    func accepted() -> Socket? {
        guard waits(milliseconds: 100) else { return nil }
        let connection = DescriptorLock.hold {
            let connection = accept(descriptor, nil, nil)
            if connection >= 0 { DescriptorLock.mark(connection) }
            return connection
        }
        return connection >= 0 ? Socket(descriptor: connection) : nil
    }

    /// Whether there is something to read, or an end.
    func waits(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, milliseconds) > 0
    }

    func send(_ bytes: ArraySlice<UInt8>) -> Bool {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            var sent = 0
            while sent < buffer.count {
                guard let base = buffer.baseAddress else { return true }
                let count = unsafe Glibc.send(
                    descriptor,
                    base + sent,
                    buffer.count - sent,
                    Int32(MSG_NOSIGNAL)
                )
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return false }
                sent += count
            }
            return true
        }
    }

    /// What has come, at most 64 KiB, added to `bytes`.
    func receive(into bytes: inout [UInt8]) -> Bool {
        unsafe withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
            let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            guard count > 0 else { return false }
            unsafe bytes.append(contentsOf: buffer[..<count])
            return true
        }
    }

    /// Closing will not be a polite end, but a reset.
    func resetsOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}
