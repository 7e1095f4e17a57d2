// SPDX-License-Identifier: Apache-2.0

public import Logging

/// A value that a log line shows as what it is: a number, a boolean, text, a time, an array or an object.
///
/// Conform a type of your own to have it keep its shape through both doors, the typed one and swift-log's
/// `.stringConvertible`:
///
/// ```swift
/// extension Date: @retroactive LogValue {
///     public func write(to writer: inout LogValueWriter) {
///         writer.write(timeSince1970: Int64(timeIntervalSince1970 * 1e9))
///     }
/// }
/// ```
///
/// An enumeration whose raw values are log values needs no function: `extension Plan: LogValue {}`.
public protocol LogValue {
    /// Writes the one value that this is.
    func write(to writer: inout LogValueWriter)
}

extension LogValue where Self: RawRepresentable, RawValue: LogValue {
    /// Writes the raw value.
    public func write(to writer: inout LogValueWriter) { rawValue.write(to: &writer) }
}

extension Int: LogValue {
    /// Writes a whole number.
    public func write(to writer: inout LogValueWriter) { writer.write(self) }
}
extension Int64: LogValue {
    /// Writes a whole number.
    public func write(to writer: inout LogValueWriter) { writer.write(self) }
}
extension UInt64: LogValue {
    /// Writes a whole number.
    public func write(to writer: inout LogValueWriter) { writer.write(self) }
}
extension Int32: LogValue {
    /// Writes a whole number.
    public func write(to writer: inout LogValueWriter) { writer.write(Int64(self)) }
}
extension UInt32: LogValue {
    /// Writes a whole number.
    public func write(to writer: inout LogValueWriter) { writer.write(Int64(self)) }
}
extension Int16: LogValue {
    /// Writes a whole number.
    public func write(to writer: inout LogValueWriter) { writer.write(Int64(self)) }
}
extension UInt16: LogValue {
    /// Writes a whole number.
    public func write(to writer: inout LogValueWriter) { writer.write(Int64(self)) }
}
extension Int8: LogValue {
    /// Writes a whole number.
    public func write(to writer: inout LogValueWriter) { writer.write(Int64(self)) }
}
extension UInt8: LogValue {
    /// Writes a whole number.
    public func write(to writer: inout LogValueWriter) { writer.write(Int64(self)) }
}
extension UInt: LogValue {
    /// Writes a whole number.
    public func write(to writer: inout LogValueWriter) { writer.write(UInt64(self)) }
}
extension Double: LogValue {
    /// Writes a number, or `null` if it is not finite.
    public func write(to writer: inout LogValueWriter) { writer.write(self) }
}
extension Float: LogValue {
    /// Writes a number, or `null` if it is not finite.
    public func write(to writer: inout LogValueWriter) { writer.write(self) }
}
extension Bool: LogValue {
    /// Writes `true` or `false`.
    public func write(to writer: inout LogValueWriter) { writer.write(self) }
}
extension String: LogValue {
    /// Writes text.
    public func write(to writer: inout LogValueWriter) { writer.write(self) }
}
extension Substring: LogValue {
    /// Writes text.
    public func write(to writer: inout LogValueWriter) { writer.write(String(self)) }
}
extension Duration: LogValue {
    /// Writes seconds, as a number.
    public func write(to writer: inout LogValueWriter) {
        // Divided, because 1e-18 is not a number that a Double has: 10.595 µs would be 1.0595000000000001e-05.
        writer.write(Double(components.seconds) + Double(components.attoseconds) / 1e18)
    }
}
extension Optional: LogValue where Wrapped: LogValue {
    /// Writes the value, or `null` if there is none.
    public func write(to writer: inout LogValueWriter) {
        if let self { self.write(to: &writer) } else { writer.writeNull() }
    }
}
extension Array: LogValue where Element: LogValue {
    /// Writes an array.
    public func write(to writer: inout LogValueWriter) { writer.write(array: lazy.map { $0 as any LogValue }) }
}
extension Set: LogValue where Element: LogValue {
    /// Writes an array, in no particular order.
    public func write(to writer: inout LogValueWriter) { writer.write(array: lazy.map { $0 as any LogValue }) }
}
extension Dictionary: LogValue where Key == String, Value: LogValue {
    /// Writes an object, its members sorted by key.
    public func write(to writer: inout LogValueWriter) {
        writer.write(members: sorted { $0.key < $1.key }.lazy.map { ($0.key, $0.value) })
    }
}
extension Logger.MetadataValue: LogValue {
    /// Writes the value with its type and nesting.
    public func write(to writer: inout LogValueWriter) { writer.write(self) }
}
