// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What is needed to put a line together, one for each thread that logs, so that encoding takes no lock and
/// allocates nothing.
///
/// Values are encoded outside every lock because describing them runs other people's code, which may itself log.
@safe
final class LineBuffer {
    /// The line.
    let line = ByteArena(capacity: 1024)
    /// The call's fields.
    let explicit = FieldSet()
    /// The metadata provider's.
    let provided = FieldSet()
    /// All fields, where one key is in several sets.
    private let merged = FieldSet()
    /// The sets whose fields go into the line, in their order.
    let blocks = unsafe FlatArray<Unmanaged<FieldSet>>(capacity: 8)
    /// The error as a JSON object.
    let exception = ByteArena(capacity: 64)
    @safe @exclusivity(unchecked) private var timestamps = TimestampWriter()
    @safe @exclusivity(unchecked) private var isInUse = false

    /// Storage that one giant line made necessary is given back.
    private static let retainedCapacity = 256 << 10

    private init() {}

    /// Runs `body` with the thread's buffer. If that is in use, because a value that is being described logs
    /// something, `body` gets one of its own.
    @inline(__always)
    static func withCurrent<Result>(_ body: (LineBuffer) -> Result) -> Result {
        let buffer = current
        guard !buffer.isInUse else { return body(LineBuffer()) }
        buffer.isInUse = true
        defer {
            buffer.isInUse = false
            if buffer.line.capacity > retainedCapacity { buffer.shrink() }
        }
        return body(buffer)
    }

    private func shrink() {
        line.shrink(to: 1024)
        for set in [explicit, provided, merged] { set.shrink(beyond: Self.retainedCapacity, to: 512) }
        if exception.capacity > Self.retainedCapacity { exception.shrink(to: 64) }
    }

    @inline(__always)
    func writeTime(_ time: Int64, to line: ByteArena) {
        timestamps.write(time, fractionDigits: 6, to: line)
    }

    // MARK: Fields

    /// Takes note of the sets whose fields the line has; of a key that several have, the last set's counts.
    ///
    /// The sets must live until the line is written.
    @inline(__always)
    func arrange(_ first: FieldSet?, _ second: FieldSet?, _ third: FieldSet?, _ fourth: FieldSet?) {
        unsafe blocks.removeAll()
        var mask: UInt64 = 0
        var mayOverlap = false
        @inline(__always)
        func add(_ set: FieldSet?) {
            guard let set, !set.isEmpty else { return }
            mayOverlap = mayOverlap || mask & set.mask != 0
            mask |= set.mask
            unsafe blocks.append(Unmanaged.passUnretained(set))
        }
        add(first)
        add(second)
        add(third)
        add(fourth)
        if mayOverlap { resolveOverlaps() }
    }

    private func resolveOverlaps() {
        let sets = unsafe blocks.map { unsafe $0.takeUnretainedValue() }
        func isReplaced(_ member: FieldMember, of index: Int) -> Bool {
            sets[(index + 1)...].contains { $0.holds(member, of: sets[index]) }
        }
        let isAnyReplaced = sets.indices.contains { index in
            sets[index].members.contains { isReplaced($0, of: index) }
        }
        guard isAnyReplaced else { return }
        merged.removeAll()
        for (index, set) in sets.enumerated() {
            for member in set.members where !isReplaced(member, of: index) { merged.append(member, of: set) }
        }
        unsafe blocks.removeAll()
        unsafe blocks.append(Unmanaged.passUnretained(merged))
    }

    // MARK: The thread's

    @inline(__always)
    private static var current: LineBuffer {
        guard let key = threadKey else { return LineBuffer() }
        if let known = unsafe pthread_getspecific(key) {
            return unsafe Unmanaged<LineBuffer>.fromOpaque(known).takeUnretainedValue()
        }
        return make(key)
    }

    private static func make(_ key: pthread_key_t) -> LineBuffer {
        let made = LineBuffer()
        let reference = unsafe Unmanaged.passRetained(made)
        if unsafe pthread_setspecific(key, reference.toOpaque()) != 0 { unsafe reference.release() }
        return made
    }

    /// The key under which threads keep theirs; nil if the process has no keys left. A thread's end frees its buffer.
    private static let threadKey: pthread_key_t? = {
        var key = pthread_key_t()
        #if canImport(Darwin)
        let code = unsafe pthread_key_create(&key) { unsafe Unmanaged<LineBuffer>.fromOpaque($0).release() }
        #else
        let code = unsafe pthread_key_create(&key) { pointer in
            if let pointer = unsafe pointer { unsafe Unmanaged<LineBuffer>.fromOpaque(pointer).release() }
        }
        #endif
        return code == 0 ? key : nil
    }()
}
