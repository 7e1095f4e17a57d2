// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An operation on a log file that the operating system refused.
public struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was tried, as in "open".
    public var operation: String
    /// The file or directory.
    public var path: String
    /// The system's number for the reason (`errno`).
    public var code: Int32

    init(_ operation: String, path: String, code: Int32 = errno) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// `cannot open /var/log/app.log: Permission denied`
    public var description: String { "cannot \(operation) \(path): \(Self.text(of: code))" }

    static func text(of code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
