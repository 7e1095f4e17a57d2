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
@safe
public struct LogFields: ~Copyable {
    // It outlives the closure that is given the fields. As a reference it would be retained for every field.
    private let buffer: Unmanaged<LineBuffer>

    /// Fields of the call, for which the buffer's set is begun.
    @inline(__always)
    init(_ buffer: LineBuffer) { unsafe self.buffer = Unmanaged.passUnretained(buffer) }

    /// The field of this key. Setting nil adds none; reading gives nil.
    @inlinable
    public subscript<Value: LogValue>(key: StaticString) -> Value? {
        @inline(__always) get { nil }
        @inline(__always) nonmutating set {
            guard let newValue else { return }
            var writer = begin(key)
            newValue.write(to: &writer)
            end(writer)
        }
    }

    /// The field of this key. Setting nil adds none; reading gives nil.
    @inlinable
    @_disfavoredOverload
    public subscript<Value: LogValue>(key: some StringProtocol) -> Value? {
        get { nil }
        nonmutating set {
            guard let newValue else { return }
            var writer = begin(String(key))
            newValue.write(to: &writer)
            end(writer)
        }
    }

    /// The field of this key, for a value that is not shown: `$0["email"] = .sensitive(email)`.
    @inlinable
    public subscript<Value: LogValue>(key: StaticString) -> SensitiveValue<Value>? {
        get { nil }
        nonmutating set {
            guard let newValue else { return }
            var writer = begin(key)
            newValue.write(to: &writer)
            end(writer)
        }
    }

    /// The field of this key, for a value that is shown by its description. Setting nil adds none; reading gives nil.
    @inlinable
    @_disfavoredOverload
    public subscript<Value: CustomStringConvertible>(key: StaticString) -> Value? {
        get { nil }
        nonmutating set {
            guard let newValue else { return }
            var writer = begin(key)
            writer.write(newValue.description)
            end(writer)
        }
    }

    @usableFromInline
    func begin(_ key: StaticString) -> LogValueWriter {
        guard key.hasPointerRepresentation else { return begin(key.description) }
        let isWritten = unsafe buffer._withUnsafeGuaranteedRef { buffer in
            buffer.explicit.beginField(literal: ByteView(key), buffer.literals)
        }
        return unsafe LogValueWriter(buffer, isWritten: isWritten)
    }

    @usableFromInline
    func begin(_ key: String) -> LogValueWriter {
        let isWritten = key.withByteView { key in
            unsafe buffer._withUnsafeGuaranteedRef { $0.explicit.beginField(key) }
        }
        return unsafe LogValueWriter(buffer, isWritten: isWritten)
    }

    @usableFromInline
    func end(_ writer: consuming LogValueWriter) {
        writer.finish()
        unsafe buffer._withUnsafeGuaranteedRef { $0.explicit.endMember() }
    }
}
