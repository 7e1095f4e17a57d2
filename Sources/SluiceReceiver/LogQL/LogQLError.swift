// SPDX-License-Identifier: Apache-2.0

/// Why a query is not understood, and where.
package struct LogQLError: Error, Equatable, CustomStringConvertible {
    /// From 1; nil if the query as a whole is meant.
    package var position: (line: Int, column: Int)?
    package var message: String

    package init(_ message: String, at offset: Int? = nil, in text: [UInt8] = []) {
        self.message = message
        guard let offset else { return }
        let before = text.prefix(offset)
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        position = (before.count { $0 == UInt8(ascii: "\n") } + 1, offset - lineStart + 1)
    }

    package static func == (left: LogQLError, right: LogQLError) -> Bool { left.description == right.description }

    package var description: String {
        guard let position else { return "parse error : \(message)" }
        return "parse error at line \(position.line), col \(position.column): \(message)"
    }
}
