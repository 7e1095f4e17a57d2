// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore

/// What listeners do with addresses.
enum ListeningSocket {
    /// The address to bind to.
    static func address(_ options: ListenerOptions, input: String) throws(InputError) -> SocketAddress {
        do {
            switch options.transport {
            case .unix: return try SocketAddress(unixDomainSocketPath: options.path)
            case .tcp, .udp:
                return try SocketAddress.makeAddressResolvingHost(options.address.host, port: options.address.port)
            }
        } catch is SocketAddressError.UnknownHost {
            throw .listen(input: input, address: options.description, reason: "no host of that name is known")
        } catch {
            throw .listen(input: input, address: options.description, reason: "\(error)")
        }
    }

    /// Removes the socket that an agent before has left, if it is one.
    static func removeLeftover(_ path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        _ = unsafe unlink(path)
    }

    /// `192.0.2.1:514`, `[2001:db8::1]:514`, or a path.
    static func text(_ address: SocketAddress?) -> String {
        guard let address else { return "" }
        if let host = address.ipAddress { return "\(ListenAddress(host: host, port: address.port ?? 0))" }
        return address.pathname ?? ""
    }
}
