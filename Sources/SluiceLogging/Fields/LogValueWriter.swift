// SPDX-License-Identifier: Apache-2.0

public import Logging
import SluiceBytes

/// Takes the one value of a field, of whatever JSON type.
///
/// The first value that is written counts; more are ignored, and none at all is `null`, so a line is always JSON.
public struct LogValueWriter: ~Copyable {
    private unowned(unsafe) let arena: ByteArena
    private unowned(unsafe) let policy: EncodingPolicy
    private let depth: Int
    private var isWritten = false

    @inline(__always)
    init(arena: ByteArena, policy: EncodingPolicy, depth: Int) {
        unsafe self.arena = arena
        unsafe self.policy = policy
        self.depth = depth
    }

    @inline(__always)
    consuming func finish() {
        if !isWritten { unsafe arena.append("null") }
    }

    @inline(__always)
    private mutating func begin() -> Bool {
        defer { isWritten = true }
        return !isWritten
    }

    /// Writes `null`.
    public mutating func writeNull() {
        if begin() { unsafe arena.append("null") }
    }

    /// Writes `true` or `false`.
    public mutating func write(_ value: Bool) {
        if begin() { unsafe arena.append(value ? "true" : "false") }
    }

    /// Writes a whole number.
    public mutating func write(_ value: Int) {
        if begin() { unsafe arena.append(decimal: value) }
    }

    /// Writes a whole number.
    public mutating func write(_ value: Int64) {
        if begin() { unsafe arena.append(decimal: value) }
    }

    /// Writes a whole number.
    public mutating func write(_ value: UInt64) {
        if begin() { unsafe arena.append(decimal: value) }
    }

    /// Writes the shortest decimal that reads back as the same number, or `null` for one that is not finite.
    public mutating func write(_ value: Double) {
        if begin() { unsafe arena.append(json: value) }
    }

    /// Writes the shortest decimal that reads back as the same number, or `null` for one that is not finite.
    public mutating func write(_ value: Float) {
        // Not by way of Double, whose shortest text shows digits that the number never had.
        if begin() { if value.isFinite { unsafe arena.append(value.description) } else { unsafe arena.append("null") } }
    }

    /// Writes text.
    public mutating func write(_ value: String) {
        if begin() { unsafe arena.append(text: value, policy: policy) }
    }

    /// Writes an instant as RFC 3339 text in UTC with microseconds.
    ///
    /// - Parameter nanoseconds: since 1970-01-01T00:00:00Z.
    public mutating func write(timeSince1970 nanoseconds: Int64) {
        guard begin() else { return }
        unsafe arena.append(UInt8(ascii: "\""))
        unsafe Timestamp.write(nanoseconds, fractionDigits: 6, to: arena)
        unsafe arena.append(UInt8(ascii: "\""))
    }

    /// Writes an array.
    public mutating func write(array: some Sequence<any LogValue>) {
        guard begin() else { return }
        guard depth < ByteArena.maximumDepth else { return unsafe arena.appendTooDeep() }
        unsafe arena.append(UInt8(ascii: "["))
        var isFirst = true
        for element in array {
            if !isFirst { unsafe arena.append(UInt8(ascii: ",")) }
            isFirst = false
            write(nested: element)
        }
        unsafe arena.append(UInt8(ascii: "]"))
    }

    /// Writes an object, its members in the order given.
    ///
    /// - Parameter object: keys and values; of several members with one key the last counts.
    public mutating func write(object: LogMetadata) {
        write(members: object.members.lazy.map { ($0.key, $0.value) })
    }

    /// Writes an object of members that are known to have different keys.
    mutating func write(members: some Sequence<(String, any LogValue)>) {
        guard begin() else { return }
        guard depth < ByteArena.maximumDepth else { return unsafe arena.appendTooDeep() }
        unsafe arena.append(UInt8(ascii: "{"))
        var isFirst = true
        for (key, value) in members {
            if !isFirst { unsafe arena.append(UInt8(ascii: ",")) }
            isFirst = false
            unsafe arena.appendJSONString(key)
            unsafe arena.append(UInt8(ascii: ":"))
            write(nested: value)
        }
        unsafe arena.append(UInt8(ascii: "}"))
    }

    /// Writes a value of swift-log's metadata, with its type and nesting.
    public mutating func write(_ value: Logger.MetadataValue) {
        if begin() { unsafe arena.append(metadata: value, depth: depth, policy: policy) }
    }

    private func write(nested value: any LogValue) {
        var writer = unsafe LogValueWriter(arena: arena, policy: policy, depth: depth + 1)
        value.write(to: &writer)
        writer.finish()
    }
}
