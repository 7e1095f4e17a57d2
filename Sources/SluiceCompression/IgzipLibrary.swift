// SPDX-License-Identifier: Apache-2.0

import CIgzip
import SluiceBytes

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// ISA-L's deflate, opened at run time where it is installed.
@safe
struct IgzipLibrary: Sendable {
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    typealias Prepare = @convention(c) (UnsafeMutableRawPointer) -> Void
    typealias Deflate = @convention(c) (UnsafeMutableRawPointer) -> CInt

    let prepare: Prepare
    let reset: Prepare
    let deflate: Deflate

    /// The number in the name is that of the binary interface: a library with another one is another library.
    #if canImport(Glibc)
    static let name = "libisal.so.2"
    #else
    static let name = "libisal.2.dylib"
    #endif

    /// Opened once, and tried before it is used.
    static let shared: Result<IgzipLibrary, Problem> = Result { () throws(Problem) in
        let library = try IgzipLibrary(name: name)
        try library.check()
        return library
    }

    /// - Parameter name: of the file, found as the system finds libraries.
    init(name: String) throws(Problem) {
        guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
            throw Problem(description: "\(name) is not there")
        }
        guard let prepare = unsafe dlsym(handle, "isal_deflate_init"),
            let reset = unsafe dlsym(handle, "isal_deflate_reset"), let deflate = unsafe dlsym(handle, "isal_deflate")
        else {
            unsafe dlclose(handle)
            throw Problem(description: "\(name) has no isal_deflate")
        }
        unsafe self.prepare = unsafeBitCast(prepare, to: Prepare.self)
        unsafe self.reset = unsafeBitCast(reset, to: Prepare.self)
        unsafe self.deflate = unsafeBitCast(deflate, to: Deflate.self)
    }

    /// Finds out whether the library does what is expected: on each level a text has to come back from zlib.
    private func check() throws(Problem) {
        let text = ByteArena(capacity: 80 << 10)
        var number: UInt64 = 1
        while text.count < 70 << 10 {
            number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text.append("{\"message\":\"prediction served\",\"user_id\":")
            text.append("\(number >> 40)")
            text.append("}\n")
        }
        for level in GzipEngine.igzipLevels {
            guard let stream = IgzipStream(self, level: level) else {
                throw Problem(description: "\(Self.name) is laid out in another way")
            }
            for _ in 0..<2 {
                let data = ByteArena()
                stream.write(text.view, isLast: true, to: data)
                stream.reset()
                let back = ByteArena()
                do {
                    try GzipDecompressor(windowBits: -15).decompress(data.view, to: back, limit: text.count)
                } catch {
                    throw Problem(description: "\(Self.name) failed when it was tried: \(error)")
                }
                guard back.view == text.view else {
                    throw Problem(description: "\(Self.name) changed a text when it was tried")
                }
            }
        }
    }
}
