// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A directory that is removed, with the files in it, when it is no longer needed.
struct TemporaryDirectory: ~Copyable {
    let path: String

    init() throws(ToolError) {
        var place = "/tmp"
        if let chosen = unsafe getenv("TMPDIR") { place = unsafe String(cString: chosen) }
        var template = Array("\(place)/sluice-bench-XXXXXX".utf8CString)
        let isMade = unsafe mkdtemp(&template) != nil
        guard isMade else { throw .system("make a directory in \(place)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        if let stream = unsafe opendir(path) {
            while let entry = unsafe readdir(stream) {
                let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
                }
                if name != ".", name != ".." { _ = unsafe unlink("\(path)/\(name)") }
            }
            unsafe closedir(stream)
        }
        _ = unsafe rmdir(path)
    }
}
