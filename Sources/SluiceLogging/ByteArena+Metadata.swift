// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

extension ByteArena {
    /// Metadata nested deeper than this is cut, so that no value can exhaust the stack.
    static var maximumMetadataDepth: Int { 64 }

    /// Writes `,"key":value`, the key renamed if it is reserved.
    func appendMember(key: String, value: Logger.MetadataValue) -> MetadataMember {
        let start = count
        append(",\"")
        key.withByteView { _ = appendJSONStringContent($0, isTrusted: false) }
        if ReservedKeys.contains(view((start + 2)..<count)) { append(UInt8(ascii: "_")) }
        let keyEnd = count
        append("\":")
        append(metadata: value, depth: 0)
        return MetadataMember(start: start, keyEnd: keyEnd, end: count, in: view)
    }

    /// Writes a metadata value as JSON. Members of dictionaries are sorted by key.
    func append(metadata value: Logger.MetadataValue, depth: Int) {
        switch value {
        case .string(let text):
            appendJSONString(text)
        case .stringConvertible(let value):
            append(convertible: value)
        case .array(let elements):
            guard depth < Self.maximumMetadataDepth else { return appendTooDeep() }
            append(UInt8(ascii: "["))
            var isFirst = true
            for element in elements {
                if !isFirst { append(UInt8(ascii: ",")) }
                isFirst = false
                append(metadata: element, depth: depth + 1)
            }
            append(UInt8(ascii: "]"))
        case .dictionary(let members):
            guard depth < Self.maximumMetadataDepth else { return appendTooDeep() }
            append(UInt8(ascii: "{"))
            var isFirst = true
            for (key, member) in members.sorted(by: { $0.key < $1.key }) {
                if !isFirst { append(UInt8(ascii: ",")) }
                isFirst = false
                appendJSONString(key)
                append(UInt8(ascii: ":"))
                append(metadata: member, depth: depth + 1)
            }
            append(UInt8(ascii: "}"))
        }
    }

    private func appendTooDeep() { append("\"(nested too deeply)\"") }

    /// Writes a value as the JSON type it is, or else its description as a string.
    ///
    /// The type is looked up by identity, which costs next to nothing; a conditional cast for each type would cost
    /// some 40 ns a miss.
    private func append(convertible value: any CustomStringConvertible & Sendable) {
        let type = type(of: value)
        if type == Int.self, let value = value as? Int { return append(decimal: value) }
        if type == Double.self, let value = value as? Double { return append(json: value) }
        if type == Bool.self, let value = value as? Bool { return append(value ? "true" : "false") }
        if type == String.self, let value = value as? String { return appendJSONString(value) }
        if type == Int64.self, let value = value as? Int64 { return append(decimal: value) }
        if type == UInt64.self, let value = value as? UInt64 { return append(decimal: value) }
        if type == Int32.self, let value = value as? Int32 { return append(decimal: value) }
        if type == UInt32.self, let value = value as? UInt32 { return append(decimal: value) }
        if type == UInt.self, let value = value as? UInt { return append(decimal: value) }
        if type == Float.self, let value = value as? Float { return append(float: value) }
        if type == Int16.self, let value = value as? Int16 { return append(decimal: value) }
        if type == UInt16.self, let value = value as? UInt16 { return append(decimal: value) }
        if type == Int8.self, let value = value as? Int8 { return append(decimal: value) }
        if type == UInt8.self, let value = value as? UInt8 { return append(decimal: value) }
        appendJSONString(value.description)
    }

    /// Not by way of Double, whose shortest text shows digits that the number never had.
    private func append(float value: Float) {
        if value.isFinite { append(value.description) } else { append("null") }
    }
}
