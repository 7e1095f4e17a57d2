// SPDX-License-Identifier: Apache-2.0

public import Logging
import SluiceBytes

/// Takes the one value of a field, of whatever JSON type.
///
/// The first value that is written counts; more are ignored, and none at all is `null`, so a line is always JSON.
@safe
public struct LogValueWriter: ~Copyable {
    // Both outlive the writer. As references they would be retained for every value.
    private let arenaReference: Unmanaged<ByteArena>
    private let policyReference: Unmanaged<EncodingPolicy>
    private let depth: Int
    private var isWritten: Bool

    @inline(__always)
    init(arena: ByteArena, policy: EncodingPolicy, depth: Int, isWritten: Bool = false) {
        unsafe arenaReference = Unmanaged.passUnretained(arena)
        unsafe policyReference = Unmanaged.passUnretained(policy)
        self.depth = depth
        self.isWritten = isWritten
    }

    /// For a field of the call, under the policy that the buffer's set was begun with.
    @inline(__always)
    init(_ buffer: Unmanaged<LineBuffer>, isWritten: Bool) {
        unsafe (arenaReference, policyReference) = buffer._withUnsafeGuaranteedRef {
            unsafe (Unmanaged.passUnretained($0.explicit.bytes), $0.explicit.policy)
        }
        depth = 0
        self.isWritten = isWritten
    }

    @inline(__always)
    consuming func finish() {
        if !isWritten { withArena { $0.append("null") } }
    }

    /// Runs `body` if this is the first value.
    @inline(__always)
    private mutating func writeOnce(_ body: (ByteArena) -> Void) {
        guard !isWritten else { return }
        isWritten = true
        withArena(body)
    }

    @inline(__always)
    private func withArena(_ body: (ByteArena) -> Void) { unsafe arenaReference._withUnsafeGuaranteedRef { body($0) } }

    @inline(__always)
    private func withPolicy(_ body: (EncodingPolicy) -> Void) {
        unsafe policyReference._withUnsafeGuaranteedRef { body($0) }
    }

    /// Whether values that are not meant to be shown are shown after all.
    public var showsSensitiveValues: Bool {
        unsafe policyReference._withUnsafeGuaranteedRef { $0.showsSensitiveValues }
    }

    /// Writes what stands where something is not shown.
    public mutating func writeRedacted() {
        guard !isWritten else { return }
        isWritten = true
        withArena { arena in withPolicy { arena.append($0.redactedValue.view) } }
    }

    /// Writes `null`.
    public mutating func writeNull() { writeOnce { $0.append("null") } }

    /// Writes `true` or `false`.
    public mutating func write(_ value: Bool) { writeOnce { $0.append(value ? "true" : "false") } }

    /// Writes a whole number.
    public mutating func write(_ value: Int) { writeOnce { $0.append(integer: Int64(value)) } }

    /// Writes a whole number.
    public mutating func write(_ value: Int64) { writeOnce { $0.append(integer: value) } }

    /// Writes a whole number.
    public mutating func write(_ value: UInt64) { writeOnce { $0.append(integer: value) } }

    /// Writes the shortest decimal that reads back as the same number, or `null` for one that is not finite.
    public mutating func write(_ value: Double) { writeOnce { $0.append(double: value) } }

    /// Writes the shortest decimal that reads back as the same number, or `null` for one that is not finite.
    public mutating func write(_ value: Float) {
        // Not by way of Double, whose shortest text shows digits that the number never had.
        writeOnce { if value.isFinite { $0.append(value.description) } else { $0.append("null") } }
    }

    /// Writes text.
    public mutating func write(_ value: String) {
        guard !isWritten else { return }
        isWritten = true
        value.withByteView { text in
            withArena { arena in withPolicy { arena.append(text: text, policy: $0) } }
        }
    }

    /// Writes an instant as RFC 3339 text in UTC with microseconds.
    ///
    /// - Parameter nanoseconds: since 1970-01-01T00:00:00Z.
    public mutating func write(timeSince1970 nanoseconds: Int64) {
        writeOnce { arena in
            arena.append(UInt8(ascii: "\""))
            Timestamp.write(nanoseconds, fractionDigits: 6, to: arena)
            arena.append(UInt8(ascii: "\""))
        }
    }

    /// Writes an array.
    public mutating func write(array: some Sequence<any LogValue>) {
        writeNested { depth, arena, policy in
            let start = arena.count
            arena.append(UInt8(ascii: "["))
            var isFirst = true
            for element in array {
                if arena.count - start > policy.valueLimit { return arena.append(",\"…\"]") }
                if !isFirst { arena.append(UInt8(ascii: ",")) }
                isFirst = false
                Self.write(element, to: arena, policy: policy, depth: depth + 1)
            }
            arena.append(UInt8(ascii: "]"))
        }
    }

    /// Writes an object, its members in the order given.
    public mutating func write(object: LogMetadata) {
        write(members: object.members.lazy.map { ($0.key, $0.value) })
    }

    /// Writes an object of members that are known to have different keys.
    mutating func write(members: some Sequence<(String, any LogValue)>) {
        writeNested { depth, arena, policy in
            let start = arena.count
            arena.append(UInt8(ascii: "{"))
            var isFirst = true
            for (key, value) in members {
                if arena.count - start > policy.valueLimit { return arena.append(",\"…\":\"…\"}") }
                if !isFirst { arena.append(UInt8(ascii: ",")) }
                isFirst = false
                guard arena.append(nestedKey: key, policy: policy) else { continue }
                Self.write(value, to: arena, policy: policy, depth: depth + 1)
            }
            arena.append(UInt8(ascii: "}"))
        }
    }

    /// Writes a value of swift-log's metadata, with its type and nesting.
    public mutating func write(_ value: Logger.MetadataValue) {
        let depth = depth
        guard !isWritten else { return }
        isWritten = true
        withArena { arena in withPolicy { arena.append(metadata: value, depth: depth, policy: $0) } }
    }

    private mutating func writeNested(_ body: (_ depth: Int, ByteArena, EncodingPolicy) -> Void) {
        let depth = depth
        guard !isWritten else { return }
        isWritten = true
        withArena { arena in
            guard depth < ByteArena.maximumDepth else { return arena.appendTooDeep() }
            withPolicy { body(depth, arena, $0) }
        }
    }

    private static func write(_ value: any LogValue, to arena: ByteArena, policy: EncodingPolicy, depth: Int) {
        var writer = LogValueWriter(arena: arena, policy: policy, depth: depth)
        value.write(to: &writer)
        writer.finish()
    }
}
