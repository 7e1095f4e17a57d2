// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

extension ByteArena {
    /// Values nested deeper than this are cut, so that no value can exhaust the stack.
    static var maximumDepth: Int { 64 }

    /// Writes text as a JSON string.
    @inline(__always)
    func append(text: ByteView, policy: EncodingPolicy) {
        if policy.isTextPlain { appendQuickJSONString(text) } else { append(judging: text, policy) }
    }

    private func append(judging text: ByteView, _ policy: EncodingPolicy) {
        if let changed = policy.prepare(text) { appendJSONString(changed.view) } else { appendQuickJSONString(text) }
    }

    func append(text: String, policy: EncodingPolicy) {
        text.withBytes { append(text: $0, policy: policy) }
    }

    /// Writes the key of an object within a value.
    ///
    /// - Returns: whether its value is to be written; what must not be shown is replaced.
    func append(nestedKey key: String, policy: EncodingPolicy) -> Bool {
        let start = count + 1
        appendJSONString(key)
        let isShown = !policy.redacts(view(start..<(count - 1)))
        append(UInt8(ascii: ":"))
        if !isShown { append(policy.redactedValue.view) }
        return isShown
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
            let start = count
            append(UInt8(ascii: "["))
            var isFirst = true
            for element in elements {
                if count - start > policy.valueLimit { return append(",\"…\"]") }
                if !isFirst { append(UInt8(ascii: ",")) }
                isFirst = false
                append(metadata: element, depth: depth + 1, policy: policy)
            }
            append(UInt8(ascii: "]"))
        case .dictionary(let members):
            guard depth < Self.maximumDepth else { return appendTooDeep() }
            let start = count
            append(UInt8(ascii: "{"))
            var isFirst = true
            for (key, member) in members.sorted(by: { $0.key < $1.key }) {
                if count - start > policy.valueLimit { return append(",\"…\":\"…\"}") }
                if !isFirst { append(UInt8(ascii: ",")) }
                isFirst = false
                if append(nestedKey: key, policy: policy) {
                    append(metadata: member, depth: depth + 1, policy: policy)
                }
            }
            append(UInt8(ascii: "}"))
        }
    }

    @inline(__always)
    func append(convertible value: any CustomStringConvertible & Sendable, depth: Int, policy: EncodingPolicy) {
        if !append(known: value) { appendOther(value, depth: depth, policy: policy) }
    }

    func appendTooDeep() { append("\"(nested too deeply)\"") }

    /// Writes a value of one of the types that are most frequent.
    ///
    /// The type is looked up by identity and the value read as it lies: a conditional cast costs 25 ns and more.
    @specialized(where Value == Int)
    @specialized(where Value == Double)
    @specialized(where Value == Bool)
    @specialized(where Value == Int64)
    @specialized(where Value == UInt64)
    private func append<Value: CustomStringConvertible>(known value: Value) -> Bool {
        if Value.self == Int.self {
            append(integer: Int64(read(value, as: Int.self)))
        } else if Value.self == Double.self {
            append(double: read(value, as: Double.self))
        } else if Value.self == Bool.self {
            append(read(value, as: Bool.self) ? "true" : "false")
        } else if Value.self == Int64.self {
            append(integer: read(value, as: Int64.self))
        } else if Value.self == UInt64.self {
            append(integer: read(value, as: UInt64.self))
        } else {
            return false
        }
        return true
    }

    /// Reads a value that is known to be of this type.
    @inline(__always)
    private func read<Value, Known: BitwiseCopyable>(_ value: Value, as type: Known.Type) -> Known {
        unsafe withUnsafePointer(to: value) { unsafe UnsafeRawPointer($0).loadUnaligned(as: type) }
    }

    /// Writes what says itself how, or else the description as text.
    private func appendOther(_ value: any CustomStringConvertible & Sendable, depth: Int, policy: EncodingPolicy) {
        if let value = value as? any LogValue {
            var writer = LogValueWriter(arena: self, policy: policy, depth: depth)
            value.write(to: &writer)
            return writer.finish()
        }
        let attributes = Logger.MetadataValue.stringConvertible(value).attributes
        if attributes[LogSensitivity.self] == .sensitive, !policy.showsSensitiveValues {
            return append(policy.redactedValue.view)
        }
        append(text: value.description, policy: policy)
    }
}
