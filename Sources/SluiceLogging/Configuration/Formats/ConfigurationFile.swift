// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Reads the file that a configuration is in.
enum ConfigurationFile {
    /// More than any configuration has; whoever names a log by mistake is told so before it fills the memory.
    private static let maximumBytes = 16 << 20

    static func read(_ path: String) throws(LogConfigurationError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LogConfigurationError(SystemError("open", path: path).description) }
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe readBytes(descriptor, &block, block.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes += block[..<count]
                if bytes.count > maximumBytes { throw LogConfigurationError("\(path) is larger than 16 MiB") }
            } else if errno != EINTR {
                throw LogConfigurationError(SystemError("read", path: path).description)
            }
        }
    }
}

private let readBytes = unsafe read
