// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The machine's network interfaces.
enum NetworkInterfaces {
    /// Addresses and hardware addresses of the interfaces that are up, loopback left out.
    static func addresses() -> (ip: [String], mac: [String]) {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&first) == 0 else { return ([], []) }
        defer { unsafe freeifaddrs(first) }
        var ip: [String] = []
        var mac: [String] = []
        var next = unsafe first
        while let interface = unsafe next {
            unsafe next = interface.pointee.ifa_next
            let flags = unsafe interface.pointee.ifa_flags
            guard flags & UInt32(IFF_UP) != 0, flags & UInt32(IFF_LOOPBACK) == 0,
                let address = unsafe interface.pointee.ifa_addr
            else { continue }
            switch unsafe Int32(address.pointee.sa_family) {
            case AF_INET, AF_INET6:
                let isSix = unsafe Int32(address.pointee.sa_family) == AF_INET6
                let length = isSix ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
                var text = [CChar](repeating: 0, count: 64)
                let code = unsafe getnameinfo(address, socklen_t(length), &text, 64, nil, 0, NI_NUMERICHOST)
                if code == 0 {
                    let bytes = text.prefix { $0 != 0 && $0 != CChar(UInt8(ascii: "%")) }.map { UInt8(bitPattern: $0) }
                    ip.append(String(decoding: bytes, as: UTF8.self))
                }
            default: break
            }
            let name = unsafe String(cString: interface.pointee.ifa_name)
            if let text = TextFile.read("/sys/class/net/\(name)/address")?.trimmed, !text.isEmpty {
                // ECS wants capitals and hyphens (RFC 7042).
                let address = String(text.map { $0 == ":" ? "-" : $0 }).uppercased()
                if !mac.contains(address) { mac.append(address) }
            }
        }
        return (ip, mac)
    }
}
