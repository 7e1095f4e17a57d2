// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Files read whole.
enum ConfigurationFile {
    /// The bytes of a file (or of a pipe, as in `sluice check <(generate)`), or what is in the way and what to do.
    static func read(_ path: String, maximumSize: Int) -> Result<[UInt8], ConfigurationProblem> {
        func failure(_ message: String, _ suggestion: String) -> Result<[UInt8], ConfigurationProblem> {
            let position = ConfigurationPosition(file: path, line: 0, column: 0)
            return .failure(
                ConfigurationProblem(position: position, path: "", message: message, suggestion: suggestion)
            )
        }
        func systemFailure(_ code: Int32) -> Result<[UInt8], ConfigurationProblem> {
            switch code {
            case ENOENT, ENOTDIR: return failure("there is no such file", "check the path")
            case EACCES: return failure("permission denied", "make it readable for the user that runs Sluice")
            default: return failure("cannot be read (\(unsafe String(cString: strerror(code))))", "check the file")
            }
        }

        // A zero byte would end the path early and open another file.
        if path.isEmpty || path.utf8.contains(0) { return failure("this is no path", "name a configuration file") }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return systemFailure(errno) }
        defer { close(descriptor) }

        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return systemFailure(errno) }
        if status.st_mode & S_IFMT == S_IFDIR { return failure("this is a directory", "name a file in it") }

        var bytes: [UInt8] = []
        while bytes.count <= maximumSize {
            var code: Int32 = 0
            let part = unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                var received = -1
                repeat {
                    received = unsafe Self.receive(descriptor, buffer)
                } while received < 0 && errno == EINTR
                if received < 0 { code = errno }
                count = max(0, received)
            }
            if code != 0 { return systemFailure(code) }
            if part.isEmpty { return .success(bytes) }
            bytes += part
        }
        return failure("larger than \(maximumSize >> 20) MiB", "name a configuration file, not a log")
    }

    private static func receive(_ descriptor: Int32, _ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        #if canImport(Glibc)
        unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
        unsafe Musl.read(descriptor, buffer.baseAddress, buffer.count)
        #else
        unsafe Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }
}
