// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A listening TCP socket on the loopback interface.
final class Listener: Sendable {
    private let descriptor: Int32
    /// The port that was asked for, or the one the system chose.
    let port: Int

    init(port: Int) throws(ToolError) {
        #if canImport(Glibc)
        let kind = Int32(SOCK_STREAM.rawValue)
        #else
        let kind = SOCK_STREAM
        #endif
        descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { throw .system("make a socket") }
        var on: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, size) == 0 && listen(descriptor, 128) == 0
                    && getsockname(descriptor, address, &size) == 0
            }
        }
        guard isListening else { throw .system("listen on port \(port)") }
        self.port = Int(in_port_t(bigEndian: address.sin_port))
    }

    /// Waits for the next connection; nil when there is no more to come.
    func accept() -> Int32? {
        while true {
            let connection = systemAccept(descriptor, nil, nil)
            if connection >= 0 {
                var on: Int32 = 1
                let size = socklen_t(MemoryLayout<Int32>.size)
                unsafe setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
                return connection
            }
            if errno != EINTR && errno != ECONNABORTED { return nil }
        }
    }
}

private let systemAccept = unsafe accept
