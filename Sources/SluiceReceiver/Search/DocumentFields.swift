// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Looks for fields in a stored document.
package final class DocumentFields {
    /// A value that a field has; of an array each of its elements.
    package struct Value {
        package var kind: JSONKind
        /// As it stands in the document; of a string the inside of its quotes.
        package var raw: ByteView
    }

    private let scratch = ByteArena(capacity: 1024)
    /// A valid JSON object.
    package var source: ByteView = .empty
    /// The document's id.
    package var key: ByteView = .empty

    /// Calls `body` for each value of the field, until it returns false.
    package func forEach(_ path: FieldPath, _ body: (Value) -> Bool) {
        if path.name == "_id" {
            _ = body(Value(kind: .string, raw: key))
            return
        }
        path.bytes.withByteView { name in
            var walker = JSONWalker(source)
            _ = object(&walker, name, body)
        }
    }

    /// Calls `body` for each value that is not an object or array, wherever it stands, until it returns false.
    package func forEachLeaf(_ body: (Value) -> Bool) {
        var walker = JSONWalker(source)
        _ = leaves(&walker, body)
    }

    /// The text of a value, without escapes; good until the next is asked for.
    package func text(_ value: Value) -> ByteView {
        guard value.kind == .escapedString else { return value.raw }
        scratch.removeAll()
        scratch.appendUnescaped(value.raw)
        return scratch.view
    }

    /// The first value of the field.
    package func first(_ path: FieldPath) -> Value? {
        var found: Value?
        forEach(path) { value in
            found = value
            return false
        }
        return found
    }

    // MARK: Walking

    /// Goes through an object; false if `body` wants no more.
    private func object(_ walker: inout JSONWalker, _ name: ByteView, _ body: (Value) -> Bool) -> Bool {
        guard walker.enter("{") else { return true }
        while let key = walker.nextKey() {
            let text = walker.text[key.range]
            if key.isEscaped {
                let unescaped = ByteArena(capacity: text.count)
                unescaped.appendUnescaped(text)
                guard visit(&walker, behind: unescaped.view, name, body) else { return false }
            } else {
                guard visit(&walker, behind: text, name, body) else { return false }
            }
        }
        return true
    }

    /// What is left of a name behind a key: nothing, or what follows the point; nil if the key is no part of it.
    private static func rest(of name: ByteView, behind key: ByteView) -> ByteView? {
        guard name.hasPrefix(key) else { return nil }
        if name.count == key.count { return .empty }
        guard name[key.count] == UInt8(ascii: ".") else { return nil }
        return name[(key.count + 1)..<name.count]
    }

    private func visit(
        _ walker: inout JSONWalker,
        behind key: ByteView,
        _ name: ByteView,
        _ body: (Value) -> Bool
    ) -> Bool {
        guard let rest = Self.rest(of: name, behind: key) else {
            let raw = walker.text[walker.skip()]
            // A key `host.name` makes an object of `host`.
            let isInside = key.count > name.count && key.hasPrefix(name) && key[name.count] == UInt8(ascii: ".")
            return isInside ? body(Value(kind: .object, raw: raw)) : true
        }
        if rest.isEmpty { return value(&walker, body) }
        switch walker.peek() {
        case UInt8(ascii: "{"): return object(&walker, rest, body)
        case UInt8(ascii: "["):
            _ = walker.enter("[")
            while walker.nextElement() {
                if walker.peek() == UInt8(ascii: "{") {
                    guard object(&walker, rest, body) else { return false }
                } else {
                    walker.skip()
                }
            }
            return true
        default:
            walker.skip()
            return true
        }
    }

    /// Reports a value, or an array's elements.
    private func value(_ walker: inout JSONWalker, _ body: (Value) -> Bool) -> Bool {
        switch walker.peek() {
        case UInt8(ascii: "["):
            _ = walker.enter("[")
            while walker.nextElement() { guard value(&walker, body) else { return false } }
            return true
        case UInt8(ascii: "{"):
            let range = walker.skip()
            return body(Value(kind: .object, raw: walker.text[range]))
        default: return scalar(&walker, body)
        }
    }

    private func scalar(_ walker: inout JSONWalker, _ body: (Value) -> Bool) -> Bool {
        if let string = walker.string() {
            return body(
                Value(kind: string.isEscaped ? .escapedString : .string, raw: walker.text[string.range])
            )
        }
        let raw = walker.text[walker.skip()]
        let kind: JSONKind
        switch raw.isEmpty ? 0 : raw[0] {
        case UInt8(ascii: "t"): kind = .true
        case UInt8(ascii: "f"): kind = .false
        case UInt8(ascii: "n"): kind = .null
        default: kind = .double
        }
        return body(Value(kind: kind, raw: raw))
    }

    private func leaves(_ walker: inout JSONWalker, _ body: (Value) -> Bool) -> Bool {
        switch walker.peek() {
        case UInt8(ascii: "{"):
            _ = walker.enter("{")
            while walker.nextKey() != nil { guard leaves(&walker, body) else { return false } }
            return true
        case UInt8(ascii: "["):
            _ = walker.enter("[")
            while walker.nextElement() { guard leaves(&walker, body) else { return false } }
            return true
        default: return scalar(&walker, body)
        }
    }
}
