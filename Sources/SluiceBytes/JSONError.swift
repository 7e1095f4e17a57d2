// SPDX-License-Identifier: Apache-2.0

/// Why a text is not JSON, and where.
package struct JSONError: Error, Equatable, CustomStringConvertible {
    package enum Reason: String, Sendable {
        case endOfText = "the text ends inside a value"
        case value = "a value was expected"
        case key = "a key in double quotes was expected"
        case colon = "a colon was expected after the key"
        case comma = "a comma or the end of the object or array was expected"
        case number = "a number is not written as JSON wants it"
        case escape = "a backslash escape that JSON does not know"
        case controlCharacter = "a control character inside a string, which must be escaped"
        case encoding = "bytes that are not UTF-8"
        case depth = "objects and arrays are nested too deeply"
        case trailing = "text after the end of the value"
        case notAnObject = "the value is not an object"
    }

    package var reason: Reason
    /// Byte offset from the start of the text.
    package var offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var description: String { "\(reason.rawValue) (byte \(offset))" }
}
