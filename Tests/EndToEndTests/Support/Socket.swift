// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A blocking TCP socket on the loopback interface.
final class Socket: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ what: String) {
            unsafe description = "\(what): \(String(cString: strerror(errno)))"
        }
    }

    private let descriptor: Mutex<Int32>
    private let number: Int32

    private init(_ number: Int32) {
        self.number = number
        descriptor = Mutex(number)
    }

    deinit { close() }

    /// Listens on a port that the system chooses, or on `port`.
    static func listening(port: Int = 0) throws -> Socket {
        let socket = try bound(port: port)
        guard listen(socket.number, 64) == 0 else { throw Failure("listen") }
        return socket
    }

    /// Keeps a port without listening: connections to it are refused.
    static func bound(port: Int = 0) throws -> Socket {
        let socket = try make()
        var yes: Int32 = 1
        unsafe setsockopt(socket.number, SOL_SOCKET, SO_REUSEADDR, &yes, UInt32(MemoryLayout<Int32>.size))
        var address = address(port)
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(socket.number, $0, length) }
        }
        guard bound == 0 else { throw Failure("bind to \(port)") }
        return socket
    }

    static func connected(port: Int, timeout seconds: Int) throws -> Socket {
        let socket = try make()
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(socket.number, SOL_SOCKET, option, &time, UInt32(MemoryLayout<timeval>.size))
        }
        var address = address(port)
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(socket.number, $0, length)
            }
        }
        guard code == 0 else { throw Failure("connect to port \(port)") }
        return socket
    }

    var port: Int {
        var address = sockaddr_in()
        var size = Socket.length
        let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(number, $0, &size)
            }
        }
        return code == 0 ? Int(UInt16(bigEndian: address.sin_port)) : 0
    }

    /// The next connection, or nil when the socket has been shut down.
    func accepted() -> Socket? {
        while true {
            let connection = accept(number, nil, nil)
            if connection >= 0 {
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                return Socket(connection)
            }
            guard errno == EINTR || errno == ECONNABORTED else { return nil }
        }
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes {
                unsafe Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure("send") }
            sent += count
        }
    }

    /// The next bytes; none at the end.
    func receive() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress, $0.count, 0) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure("receive") }
            return Array(buffer[..<count])
        }
    }

    /// Wakes whoever waits for this socket, and ends both directions.
    func shut() {
        // Not after it was closed: the number may be another's then.
        descriptor.withLock { descriptor in
            if descriptor >= 0 { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    func close() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { _ = Glibc.close(descriptor) }
            descriptor = -1
        }
    }

    private static var length: socklen_t { socklen_t(MemoryLayout<sockaddr_in>.size) }

    private static func make() throws -> Socket {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw Failure("socket") }
        return Socket(number)
    }

    private static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
