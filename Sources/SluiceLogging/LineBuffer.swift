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
    /// Metadata before it is in order.
    let scratch = ByteArena(capacity: 1024)
    /// What changes while a line is put together, in one piece, so that it is checked once for overlapping accesses.
    var work = Work()
    private var isInUse = false

    struct Work {
        var provided: [MetadataMember] = []
        var explicit: [MetadataMember] = []
        var timestamps = TimestampWriter()
    }

    /// Storage that one giant line made necessary is given back.
    private static let retainedCapacity = 256 << 10

    private init() {}

    /// Runs `body` with the thread's buffer. If that is in use, because a value that is being described logs
    /// something, `body` gets one of its own.
    static func withCurrent<Result>(_ body: (LineBuffer) -> Result) -> Result {
        let buffer = current
        guard !buffer.isInUse else { return body(LineBuffer()) }
        buffer.isInUse = true
        defer {
            buffer.isInUse = false
            if buffer.line.capacity > retainedCapacity { buffer.line.shrink(to: 1024) }
            if buffer.scratch.capacity > retainedCapacity { buffer.scratch.shrink(to: 1024) }
        }
        return body(buffer)
    }

    private static var current: LineBuffer {
        guard let key = threadKey else { return LineBuffer() }
        if let known = unsafe pthread_getspecific(key) {
            return unsafe Unmanaged<LineBuffer>.fromOpaque(known).takeUnretainedValue()
        }
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
