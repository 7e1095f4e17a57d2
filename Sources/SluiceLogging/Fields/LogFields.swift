// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Takes the fields of one line, as they are set, straight into the line.
///
/// ```swift
/// log.info("prediction served") {
///     $0["user_id"] = 42
///     $0["execution_time"] = 0.013
/// }
/// ```
///
/// A key that is set twice has the later value. Fields cannot be read.
public struct LogFields: ~Copyable {
    private unowned(unsafe) let set: FieldSet
    private unowned(unsafe) let policy: EncodingPolicy

    @inline(__always)
    init(_ set: FieldSet, policy: EncodingPolicy) {
        unsafe self.set = set
        unsafe self.policy = policy
    }

    /// The field of this key. Setting nil adds none; reading gives nil.
    @inlinable
    public subscript<Value: LogValue>(key: StaticString) -> Value? {
        get { nil }
        nonmutating set { if let newValue { write(key, newValue) } }
    }

    /// The field of this key. Setting nil adds none; reading gives nil.
    @inlinable
    @_disfavoredOverload
    public subscript<Value: LogValue>(key: String) -> Value? {
        get { nil }
        nonmutating set { if let newValue { write(key, newValue) } }
    }

    /// The field of this key, for a value that is shown by its description. Setting nil adds none; reading gives nil.
    @inlinable
    @_disfavoredOverload
    public subscript<Value: CustomStringConvertible>(key: StaticString) -> Value? {
        get { nil }
        nonmutating set { if let newValue { write(key, newValue.description) } }
    }

    @usableFromInline
    @inline(__always)
    func write(_ key: StaticString, _ value: some LogValue) {
        guard key.hasPointerRepresentation else { return write(key.description, value) }
        write(ByteView(key), value)
    }

    @usableFromInline
    func write(_ key: String, _ value: some LogValue) { key.withByteView { write($0, value) } }

    @inline(__always)
    private func write(_ key: ByteView, _ value: some LogValue) {
        if unsafe set.beginMember(key, policy: policy) {
            unsafe set.bytes.append("\"[redacted]\"")
        } else {
            var writer = unsafe LogValueWriter(arena: set.bytes, policy: policy, depth: 0)
            value.write(to: &writer)
            writer.finish()
        }
        unsafe set.endMember()
    }
}
