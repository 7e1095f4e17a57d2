// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An open file, read or written without buffers of its own.
struct RawFile: ~Copyable {
    let descriptor: Int32
    private let path: String

    init(reading path: String) throws(ToolError) {
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        self.path = path
        if descriptor < 0 { throw .system("open \(path)") }
    }

    init(writing path: String) throws(ToolError) {
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        self.path = path
        if descriptor < 0 { throw .system("open \(path)") }
    }

    deinit { _ = close(descriptor) }

    func write(_ bytes: ByteView) throws(ToolError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe writeBytes(descriptor, rest.base, rest.count)
            guard count > 0 else { throw .system("write to \(path)") }
            rest = rest[count..<rest.count]
        }
    }

    /// Appends up to `count` bytes to `arena`.
    ///
    /// - Returns: how many there were; less than `count` only at the end of the file.
    func read(_ count: Int, into arena: ByteArena) throws(ToolError) -> Int {
        var total = 0
        while total < count {
            var got = 0
            unsafe arena.append(room: count - total) { room in
                got = unsafe readBytes(descriptor, room.baseAddress, room.count)
                return max(0, got)
            }
            if got < 0 { throw .system("read \(path)") }
            if got == 0 { break }
            total += got
        }
        return total
    }
}

private func writeBytes(_ descriptor: Int32, _ base: UnsafePointer<UInt8>, _ count: Int) -> Int {
    unsafe write(descriptor, base, count)
}

private func readBytes(_ descriptor: Int32, _ base: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    unsafe read(descriptor, base, count)
}
