// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// zstd, of which only some clients make use: taken from the system's library if there is one.
@safe
final class Zstandard: Sendable {
    private typealias Decompress =
        @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeRawPointer?, Int) -> Int
    private typealias ContentSize = @convention(c) (UnsafeRawPointer?, Int) -> UInt64
    private typealias IsError = @convention(c) (Int) -> UInt32

    /// Nil if there is no such library.
    static let shared: Zstandard? = Zstandard()

    private let decompressFunction: Decompress
    private let contentSize: ContentSize
    private let isError: IsError

    private init?() {
        guard let library = unsafe dlopen("libzstd.so.1", RTLD_NOW),
            let decompress = unsafe dlsym(library, "ZSTD_decompress"),
            let contentSize = unsafe dlsym(library, "ZSTD_getFrameContentSize"),
            let isError = unsafe dlsym(library, "ZSTD_isError")
        else { return nil }
        unsafe decompressFunction = unsafe unsafeBitCast(decompress, to: Decompress.self)
        unsafe self.contentSize = unsafe unsafeBitCast(contentSize, to: ContentSize.self)
        self.isError = unsafe unsafeBitCast(isError, to: IsError.self)
    }

    /// Appends the text of `data`; false if it is damaged or too large.
    func decompress(_ data: ByteView, to output: ByteArena, limit: Int) -> Bool {
        // The two highest numbers stand for unknown and for an error; then sizes are tried.
        let size = unsafe contentSize(data.base, data.count)
        var room = size < UInt64(limit) ? Int(size) : max(data.count * 16, 1 << 20)
        while room <= limit {
            var code = 0
            unsafe output.append(room: room) { buffer in
                code = unsafe decompressFunction(buffer.baseAddress, buffer.count, data.base, data.count)
                return isError(code) == 0 ? code : 0
            }
            if isError(code) == 0 { return true }
            if size < UInt64(limit) { return false }
            room *= 4
        }
        return false
    }
}
