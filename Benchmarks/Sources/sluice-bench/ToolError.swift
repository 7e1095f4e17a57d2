// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Why a tool stops: what is wrong, and the exit code that says so.
struct ToolError: Error {
    var message: String
    var code: Int32

    init(_ message: String, code: Int32 = 74) {
        self.message = message
        self.code = code
    }

    /// An operation that the system refused.
    static func system(_ operation: String) -> ToolError {
        guard let text = unsafe strerror(errno) else { return ToolError("cannot \(operation)") }
        return unsafe ToolError("cannot \(operation): \(String(cString: text))")
    }
}

enum StandardError {
    static func say(_ text: String) {
        var text = text + "\n"
        text.withUTF8 { bytes in _ = unsafe write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
}
