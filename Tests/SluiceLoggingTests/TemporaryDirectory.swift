// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A directory of one test, removed with all it holds when the last reference goes.
final class TemporaryDirectory: Sendable {
    let path: String

    struct Failure: Error { var what: String }

    init() throws {
        var template = Array("/tmp/sluice-logging-XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template) else { throw Failure(what: "mkdtemp") }
        path = unsafe String(cString: made)
    }

    deinit { Self.remove(path) }

    static func remove(_ path: String) {
        for name in names(in: path) {
            let child = "\(path)/\(name)"
            if unsafe unlink(child) != 0 { remove(child) }
        }
        _ = unsafe rmdir(path)
    }

    /// The names in a directory, sorted.
    static func names(in path: String) -> [String] {
        guard let directory = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The whole text of a file, or nil if there is none.
    static func read(_ path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe readBytes(descriptor, &block, block.count)
            guard count > 0 else { break }
            bytes += block[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func write(_ text: String, to path: String) throws { try write(bytes: Array(text.utf8), to: path) }

    static func write(bytes: [UInt8], to path: String) throws {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw Failure(what: "open \(path)") }
        defer { _ = close(descriptor) }
        guard unsafe writeBytes(descriptor, bytes, bytes.count) == bytes.count else {
            throw Failure(what: "write \(path)")
        }
    }
}

private let readBytes = unsafe read
private let writeBytes = unsafe write
