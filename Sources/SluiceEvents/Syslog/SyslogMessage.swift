// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// The parts of one syslog message, as places in its text.
package struct SyslogMessage: Equatable, Sendable {
    /// A value in a structured data element, escapes as they stand.
    package struct Parameter: Equatable, Sendable {
        package var element: Range<Int>
        package var name: Range<Int>
        package var value: Range<Int>
    }

    /// Facility times eight and severity, 0 to 191; nil if the message does not say.
    package var priority: Int?
    /// Of the protocol (RFC 5424); nil for RFC 3164.
    package var version: Int?
    package var time: Timestamp.Parsed?
    package var hostname: Range<Int>?
    package var appname: Range<Int>?
    package var procid: Range<Int>?
    package var msgid: Range<Int>?
    /// The names of all structured data elements, those without parameters included.
    package var elements: [Range<Int>] = []
    package var parameters: [Parameter] = []
    package var text: Range<Int> = 0..<0

    package init() {}
}

/// Why a text is no syslog message.
package struct SyslogError: Error, Equatable, CustomStringConvertible {
    package enum Reason: String, Sendable {
        case empty = "it is empty"
        case priority = "a priority from <0> to <191> was expected"
        case version = "a version number and a space were expected after the priority"
        case timestamp = "a timestamp was expected"
        case field = "a field of printable characters and a space behind it were expected"
        case structuredData = "structured data in brackets, or '-', was expected"
        case parameter = "a parameter as in name=\"value\" was expected in the structured data"
        case unclosed = "the structured data is not closed"
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
