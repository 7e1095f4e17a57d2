// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// A small JSON text as a tree: state records, registries and reports. Events are never made into one.
package enum JSONContent: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// As it is written.
    case number(String)
    case string(String)
    case array([JSONContent])
    /// Of members with one name, the last one counts.
    case object([String: JSONContent])

    /// Reads one value with nothing but white space around it; the scanner bounds its depth.
    package static func parse(_ text: ByteView) throws(JSONError) -> JSONContent {
        let index = JSONIndex()
        try JSONScanner.scan(text, into: index)
        switch index.kind {
        case .array:
            var elements: [JSONContent] = []
            for number in 0..<index.children.count {
                elements.append(try value(index.children[number], text))
            }
            return .array(elements)
        case .object:
            var members: [String: JSONContent] = [:]
            for number in 0..<index.children.count {
                let child = index.children[number]
                let key = unescaped(text[child.key], isEscaped: child.keyIsEscaped)
                members[key] = try value(child, text)
            }
            return .object(members)
        case let kind: return scalar(kind, text[index.start..<index.end])
        }
    }

    private static func value(_ child: JSONIndex.Child, _ text: ByteView) throws(JSONError) -> JSONContent {
        let part = text[child.value]
        return child.kind == .object || child.kind == .array ? try parse(part) : scalar(child.kind, part)
    }

    private static func scalar(_ kind: JSONKind, _ text: ByteView) -> JSONContent {
        switch kind {
        case .true: .boolean(true)
        case .false: .boolean(false)
        case .integer, .double: .number(text.string)
        case .string, .escapedString:
            .string(unescaped(text[1..<max(1, text.count - 1)], isEscaped: kind == .escapedString))
        case .null, .object, .array: .null
        }
    }

    private static func unescaped(_ content: ByteView, isEscaped: Bool) -> String {
        guard isEscaped else { return content.string }
        let arena = ByteArena(capacity: content.count + 16)
        arena.appendUnescaped(content)
        return arena.string
    }

    // MARK: Looking inside

    package subscript(key: String) -> JSONContent? {
        if case .object(let members) = self { return members[key] }
        return nil
    }

    package var members: [String: JSONContent]? {
        if case .object(let members) = self { return members }
        return nil
    }

    package var elements: [JSONContent]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    package var text: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    /// A whole number that 64 bits hold.
    package var integer: Int64? {
        if case .number(let text) = self { return Int64(text) }
        return nil
    }

    /// The same without a sign: devices and inodes can have the highest bit.
    package var unsigned: UInt64? {
        if case .number(let text) = self { return UInt64(text) }
        return nil
    }

    package var boolean: Bool? {
        if case .boolean(let value) = self { return value }
        return nil
    }
}
