// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import Synchronization

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
    /// The error itself, while its line is written. It is here and not in the record, so that a line without one
    /// retains and releases nothing.
    @safe @exclusivity(unchecked) var error: (any Error)?
    @safe @exclusivity(unchecked) private var times = MicrosecondTimes()
    @safe @exclusivity(unchecked) private var isInUse = false
    @safe @exclusivity(unchecked) private var mask: UInt64 = 0
    @safe @exclusivity(unchecked) private var mayOverlap = false
    @safe @exclusivity(unchecked) private var kept: [FieldSet] = []
    /// Fields that are left out of a line that is too long, and what there was before.
    @safe @exclusivity(unchecked) private(set) var leftOut = 0
    @safe @exclusivity(unchecked) private var arranged: [FieldSet] = []
    private let wholeException = ByteArena(capacity: 64)
    @safe @exclusivity(unchecked) private var layout: Unmanaged<LayoutGroup>?

    /// Storage that one giant line made necessary is given back.
    private static let retainedCapacity = 256 << 10

    private init(isTemporary: Bool) { self.isTemporary = isTemporary }

    /// What this thread knows of call sites.
    let sites = CallSites()
    /// What this thread knows of literals that are keys, and of other keys.
    let literals = KnownKeys(policy: .standard)
    let keys = KnownKeys(policy: .standard)
    /// What this thread knows of dictionaries.
    let shapes = KnownShapes(policy: .standard)
    /// Made because the thread's own is in use or cannot be kept.
    private let isTemporary: Bool

    /// Runs `body` with the thread's buffer. If that is in use, because a value that is being described logs
    /// something, `body` gets one of its own.
    @inline(__always)
    static func withCurrent<Result>(_ body: (LineBuffer) -> Result) -> Result {
        // The thread keeps its own while it lives: nothing is retained for a line.
        let buffer = unsafe acquire()
        defer { unsafe buffer._withUnsafeGuaranteedRef { $0.giveBack() } }
        return unsafe buffer._withUnsafeGuaranteedRef { body($0) }
    }

    @inline(__always)
    private static func acquire() -> Unmanaged<LineBuffer> {
        // A constant at first, so that no line asks whether it has been made: before it is, there is no buffer either.
        let key = knownKey.load(ordering: .relaxed)
        if key >= 0, let known = unsafe pthread_getspecific(pthread_key_t(truncatingIfNeeded: key)) {
            let buffer = unsafe Unmanaged<LineBuffer>.fromOpaque(known)
            if unsafe buffer._withUnsafeGuaranteedRef({ $0.take() }) { return unsafe buffer }
        }
        return unsafe make()
    }

    @inline(__always)
    private func take() -> Bool {
        guard !isInUse else { return false }
        isInUse = true
        return true
    }

    @inline(__always)
    private func giveBack() {
        isInUse = false
        if line.capacity > Self.retainedCapacity || isTemporary || !kept.isEmpty { end() }
    }

    private func end() {
        kept = []
        if isTemporary { return unsafe Unmanaged.passUnretained(self).release() }
        guard line.capacity > Self.retainedCapacity else { return }
        line.shrink(to: 1024)
        for set in [explicit, provided, merged] { set.shrink(beyond: Self.retainedCapacity, to: 512) }
        if exception.capacity > Self.retainedCapacity { exception.shrink(to: 64) }
    }

    @inline(__always)
    func writeTime(_ time: Int64, to cursor: inout ByteCursor) { times.write(time, to: &cursor) }

    func writeTime(_ time: Int64, to line: ByteArena) {
        var cursor = ByteCursor(line, room: MicrosecondTimes.room)
        times.write(time, to: &cursor)
        cursor.finish(line)
    }

    // MARK: Fields

    /// Fields of the call, of which there are none yet.
    @inline(__always)
    func beginExplicit(_ policy: EncodingPolicy) {
        explicit.removeAll(policy: policy)
        literals.use(policy)
    }

    /// Whether the line has anything that `appendFields` writes.
    @inline(__always)
    var hasFields: Bool { unsafe blocks.count > 0 || leftOut > 0 }

    /// Writes all fields, with the keys that the layout reserves renamed.
    @inline(__always)
    func appendFields(to line: ByteArena) {
        for index in 0..<(unsafe blocks.count) {
            unsafe blocks[index]._withUnsafeGuaranteedRef { set in
                if set.isPlain { line.append(set.bytes.view) } else { appendEach(of: set, to: line) }
            }
        }
        if leftOut > 0 {
            line.append(",\"truncated\":")
            line.append(decimal: leftOut)
        }
    }

    /// Leaves out as many of the last fields as make the line shorter by the excess and by what says so.
    func beginShortening(excess: Int) {
        let kept = FieldSet()
        var sizes = 0
        for index in 0..<(unsafe blocks.count) { sizes += block(index).bytes.count }
        let budget = max(0, sizes - excess - 32)
        var used = 0
        for index in 0..<(unsafe blocks.count) {
            let set = block(index)
            for member in set.members {
                used += member.whole.count
                if used <= budget, leftOut == 0 { kept.append(member, of: set) } else { leftOut += 1 }
            }
        }
        self.kept.append(kept)
        arranged = (0..<(unsafe blocks.count)).map { block($0) }
        unsafe blocks.removeAll()
        unsafe blocks.append(Unmanaged.passUnretained(kept))
        wholeException.removeAll()
        wholeException.append(exception.view)
    }

    /// Leaves the type of the error and no more, and not all of that if it is long.
    func reduceException() {
        let index = JSONIndex()
        guard (try? JSONScanner.scan(exception.view, into: index)) != nil, let type = index.children.first else {
            return
        }
        let value = exception.view(type.value)
        let text = value.count > 130 ? ByteView("\"…\"").array : value.array
        exception.removeAll()
        exception.append("{\"type\":")
        exception.append(text)
        exception.append("}")
    }

    /// Other layouts may have to be shorter as well, but by their own measure.
    func endShortening() {
        leftOut = 0
        exception.removeAll()
        exception.append(wholeException.view)
        unsafe blocks.removeAll()
        for set in arranged { unsafe blocks.append(Unmanaged.passUnretained(set)) }
        arranged = []
    }

    private func appendEach(of set: FieldSet, to line: ByteArena) {
        guard let layout else { return }
        unsafe layout._withUnsafeGuaranteedRef { set.writeEach(to: line, reserved: $0.reserved) }
    }

    /// The layout that is being written, for which it is known which keys it keeps for itself.
    @inline(__always)
    func begin(_ group: LayoutGroup) {
        line.removeAll()
        unsafe layout = Unmanaged.passUnretained(group)
    }

    // The sets whose fields the line has are added in their order; of a key that several have, the last set's counts.

    /// There are no fields yet.
    @inline(__always)
    func beginBlocks() {
        unsafe blocks.removeAll()
        mask = 0
        mayOverlap = false
    }

    /// Adds the fields of a set, which must live until the line is written.
    @inline(__always)
    func add(_ set: FieldSet) {
        guard !set.isEmpty else { return }
        if mask & set.mask != 0 { mayOverlap = true }
        mask |= set.mask
        unsafe blocks.append(Unmanaged.passUnretained(set))
    }

    /// Adds the fields of a set that nobody else keeps.
    func addKeeping(_ set: FieldSet) {
        kept.append(set)
        add(set)
    }

    /// Sees to it that no key is there twice.
    @inline(__always)
    func endBlocks() {
        if mayOverlap { resolveOverlaps() }
    }

    private func resolveOverlaps() {
        guard hasReplacedMembers() else { return }
        merged.removeAll()
        for index in 0..<(unsafe blocks.count) {
            let set = block(index)
            for member in set.members where !isReplaced(member, ofBlock: index) { merged.append(member, of: set) }
        }
        unsafe blocks.removeAll()
        unsafe blocks.append(Unmanaged.passUnretained(merged))
    }

    private func hasReplacedMembers() -> Bool {
        for index in 0..<(unsafe blocks.count) {
            for member in block(index).members where isReplaced(member, ofBlock: index) { return true }
        }
        return false
    }

    /// Whether a later set has the same key.
    private func isReplaced(_ member: FieldMember, ofBlock index: Int) -> Bool {
        var later = index + 1
        while later < (unsafe blocks.count) {
            if block(later).holds(member, of: block(index)) { return true }
            later += 1
        }
        return false
    }

    func block(_ index: Int) -> FieldSet { unsafe blocks[index].takeUnretainedValue() }

    // MARK: The thread's

    /// A buffer that is in use: the thread's first, or one for a line within a line.
    private static func make() -> Unmanaged<LineBuffer> {
        guard let key = threadKey, unsafe pthread_getspecific(key) == nil else {
            return unsafe Unmanaged.passRetained(LineBuffer(isTemporary: true))
        }
        let made = LineBuffer(isTemporary: false)
        made.isInUse = true
        let reference = unsafe Unmanaged.passRetained(made)
        guard unsafe pthread_setspecific(key, reference.toOpaque()) == 0 else {
            unsafe reference.release()
            return unsafe Unmanaged.passRetained(LineBuffer(isTemporary: true))
        }
        return unsafe reference
    }

    /// The thread key as soon as there is one; -1 before.
    private static let knownKey = Atomic(-1)

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
        guard code == 0 else { return nil }
        knownKey.store(Int(key), ordering: .relaxed)
        return key
    }()
}
