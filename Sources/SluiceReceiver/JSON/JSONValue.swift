// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// A JSON value as a tree, for requests and other small things; events are never made into one.
package enum JSONValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// As it is written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Sendable, Equatable {
        package var key: String
        package var value: JSONValue
    }

    /// Reads a text; the scanner bounds its depth.
    package static func parse(_ text: ByteView) throws(JSONError) -> JSONValue {
        try JSONScanner.validate(text)
        var walker = JSONWalker(text)
        return read(&walker, text)
    }

    private static func read(_ walker: inout JSONWalker, _ text: ByteView) -> JSONValue {
        func string(_ content: JSONWalker.StringContent) -> String {
            guard content.isEscaped else { return text[content.range].string }
            let arena = ByteArena(capacity: content.range.count)
            arena.appendUnescaped(text[content.range])
            return arena.string
        }
        switch walker.peek() {
        case UInt8(ascii: "\""): return walker.string().map { .string(string($0)) } ?? .null
        case UInt8(ascii: "{"):
            _ = walker.enter("{")
            var members: [Member] = []
            while let key = walker.nextKey() { members.append(Member(key: string(key), value: read(&walker, text))) }
            return .object(members)
        case UInt8(ascii: "["):
            _ = walker.enter("[")
            var elements: [JSONValue] = []
            while walker.nextElement() { elements.append(read(&walker, text)) }
            return .array(elements)
        default:
            let word = text[walker.skip()].string
            return switch word {
            case "true": .boolean(true)
            case "false": .boolean(false)
            case "null": .null
            default: .number(word)
            }
        }
    }

    /// Writes it without white space.
    func write(to arena: ByteArena) {
        switch self {
        case .null: arena.append("null")
        case .boolean(let value): arena.append(value ? "true" : "false")
        case .number(let text): arena.append(text)
        case .string(let text): arena.appendJSONString(text)
        case .array(let elements):
            arena.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { arena.append(UInt8(ascii: ",")) }
                element.write(to: arena)
            }
            arena.append(UInt8(ascii: "]"))
        case .object(let members):
            arena.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { arena.append(UInt8(ascii: ",")) }
                arena.appendJSONString(member.key)
                arena.append(UInt8(ascii: ":"))
                member.value.write(to: arena)
            }
            arena.append(UInt8(ascii: "}"))
        }
    }

    /// Writes it for people to read.
    func writePretty(to arena: ByteArena, indentation: Int = 0) {
        func newLine(_ depth: Int) {
            arena.append(UInt8(ascii: "\n"))
            for _ in 0..<depth { arena.append("  ") }
        }
        switch self {
        case .array(let elements) where !elements.isEmpty:
            arena.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { arena.append(UInt8(ascii: ",")) }
                newLine(indentation + 1)
                element.writePretty(to: arena, indentation: indentation + 1)
            }
            newLine(indentation)
            arena.append(UInt8(ascii: "]"))
        case .object(let members) where !members.isEmpty:
            arena.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { arena.append(UInt8(ascii: ",")) }
                newLine(indentation + 1)
                arena.appendJSONString(member.key)
                arena.append(" : ")
                member.value.writePretty(to: arena, indentation: indentation + 1)
            }
            newLine(indentation)
            arena.append(UInt8(ascii: "}"))
        default: write(to: arena)
        }
    }

    var bytes: ByteArena {
        let arena = ByteArena(capacity: 1024)
        write(to: arena)
        return arena
    }

    // MARK: Looking inside

    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    package var members: [Member]? {
        if case .object(let members) = self { return members }
        return nil
    }

    package var elements: [JSONValue]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    /// The text of a string, number or boolean.
    package var text: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .boolean(let value): value ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    package var integer: Int? { text.flatMap { Int($0) } }

    var boolean: Bool? {
        switch self {
        case .boolean(let value): value
        case .string("true"): true
        case .string("false"): false
        default: nil
        }
    }

    /// An object in the order given, without the members that are nil.
    static func object(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
    }

    static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }
}
