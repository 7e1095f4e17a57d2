// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

extension ByteArena {
    /// Values nested deeper than this are cut, so that no value can exhaust the stack.
    static var maximumDepth: Int { 64 }

    /// Writes text as a JSON string.
    @inline(__always)
    func append(text: ByteView, policy: EncodingPolicy) {
        appendQuickJSONString(text)
    }

    func append(text: String, policy: EncodingPolicy) {
        text.withByteView { append(text: $0, policy: policy) }
    }

    /// Writes a metadata value as JSON. Members of dictionaries are sorted by key.
    func append(metadata value: Logger.MetadataValue, depth: Int, policy: EncodingPolicy) {
        switch value {
        case .string(let text):
            append(text: text, policy: policy)
        case .stringConvertible(let value):
            append(convertible: value, depth: depth, policy: policy)
        case .array(let elements):
            guard depth < Self.maximumDepth else { return appendTooDeep() }
            append(UInt8(ascii: "["))
            var isFirst = true
            for element in elements {
                if !isFirst { append(UInt8(ascii: ",")) }
                isFirst = false
                append(metadata: element, depth: depth + 1, policy: policy)
            }
            append(UInt8(ascii: "]"))
        case .dictionary(let members):
            guard depth < Self.maximumDepth else { return appendTooDeep() }
            append(UInt8(ascii: "{"))
            var isFirst = true
            for (key, member) in members.sorted(by: { $0.key < $1.key }) {
                if !isFirst { append(UInt8(ascii: ",")) }
                isFirst = false
                appendJSONString(key)
                append(UInt8(ascii: ":"))
                append(metadata: member, depth: depth + 1, policy: policy)
            }
            append(UInt8(ascii: "}"))
        }
    }

    func appendTooDeep() { append(literal: "\"(nested too deeply)\"") }

    /// Writes a value as the JSON type it is, or else its description as a string.
    ///
    /// The type is looked up by identity and the value read as it lies: a conditional cast costs 25 ns and more.
    private func append<Value: CustomStringConvertible>(
        convertible value: Value,
        depth: Int,
        policy: EncodingPolicy
    ) {
        if Value.self == Int.self { return append(integer: Int64(read(value, as: Int.self))) }
        if Value.self == Double.self { return append(double: read(value, as: Double.self)) }
        if Value.self == Bool.self { return append(literal: read(value, as: Bool.self) ? "true" : "false") }
        if Value.self == Int64.self { return append(integer: read(value, as: Int64.self)) }
        if Value.self == UInt64.self { return append(integer: read(value, as: UInt64.self)) }
        if Value.self == Int32.self { return append(integer: Int64(read(value, as: Int32.self))) }
        if Value.self == UInt32.self { return append(integer: UInt64(read(value, as: UInt32.self))) }
        if Value.self == UInt.self { return append(integer: UInt64(read(value, as: UInt.self))) }
        appendOther(value, depth: depth, policy: policy)
    }

    /// Reads a value that is known to be of this type.
    @inline(__always)
    private func read<Value, Known: BitwiseCopyable>(_ value: Value, as type: Known.Type) -> Known {
        unsafe withUnsafePointer(to: value) { unsafe UnsafeRawPointer($0).loadUnaligned(as: type) }
    }

    private func appendOther(_ value: some CustomStringConvertible, depth: Int, policy: EncodingPolicy) {
        if let value = value as? any LogValue {
            var writer = LogValueWriter(arena: self, policy: policy, depth: depth)
            value.write(to: &writer)
            return writer.finish()
        }
        append(text: value.description, policy: policy)
    }
}
