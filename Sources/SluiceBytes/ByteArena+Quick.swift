// SPDX-License-Identifier: Apache-2.0

/// What log lines are made of: texts that are nearly always short and plain, and numbers.
extension ByteArena {
    /// Copies bytes of an arena, where there is always something behind them that may be read: without a call where they
    /// are few.
    @inlinable
    @inline(__always)
    package func appendNear(_ bytes: ByteView) {
        if bytes.count > 96 { return append(bytes) }
        var cursor = ByteCursor(self, room: bytes.count)
        cursor.append(short: bytes)
        cursor.finish(self)
    }

    /// Writes bytes as a JSON string with its quotes, as `appendJSONString` does.
    @inlinable
    @inline(__always)
    package func appendQuickJSONString(_ text: ByteView) {
        var cursor = ByteCursor(self, room: text.count &+ 2)
        cursor.append(UInt8(ascii: "\""))
        if cursor.append(plain: text) {
            cursor.append(UInt8(ascii: "\""))
            cursor.finish(self)
        } else {
            appendThorough(text, quote: true)
        }
    }

    /// Writes bytes as the inside of a JSON string, as `appendJSONStringContent` does.
    @inlinable
    @inline(__always)
    package func appendQuickJSONStringContent(_ text: ByteView) {
        var cursor = ByteCursor(self, room: text.count)
        if cursor.append(plain: text) { cursor.finish(self) } else { appendThorough(text, quote: false) }
    }

    @usableFromInline
    func appendThorough(_ text: ByteView, quote: Bool) {
        if quote { appendJSONString(text) } else { appendJSONStringContent(text, isTrusted: false) }
    }

    /// Writes a whole number in decimal.
    @inlinable
    @inline(__always)
    package func append(integer value: Int64) {
        var cursor = ByteCursor(self, room: 24)
        if value < 0 { cursor.append(UInt8(ascii: "-")) }
        cursor.append(integer: value.magnitude)
        cursor.finish(self)
    }

    /// Writes a whole number in decimal.
    @inlinable
    @inline(__always)
    package func append(integer value: UInt64) {
        var cursor = ByteCursor(self, room: 24)
        cursor.append(integer: value)
        cursor.finish(self)
    }
}
