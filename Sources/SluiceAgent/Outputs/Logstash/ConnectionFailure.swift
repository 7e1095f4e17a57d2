// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import NIOPosix

/// Why a connection could not be made or ended, in words.
enum ConnectionFailure {
    static func text(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            let attempts = error.connectionErrors.map { text($0.error) }
            return attempts.first.map { "cannot connect (\($0))" } ?? "the name '\(error.host)' has no address"
        case ChannelError.connectTimeout: return "connecting took longer than the timeout"
        case let error as IOError: return unsafe String(cString: strerror(error.errnoCode))
        default: return "\(error)"
        }
    }
}
