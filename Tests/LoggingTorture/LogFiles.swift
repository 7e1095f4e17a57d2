// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceCompression

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// `app.log` and its predecessors in a directory, the oldest first.
struct LogFiles {
    private struct Entry {
        var name: String
        var stamp: String
        var number: Int
    }

    let paths: [String]
    /// How many of them are compressed.
    var compressedCount: Int { paths.count { $0.hasSuffix(".gz") } }

    init(directory: String, isDated: Bool) throws {
        var names: Set<String> = []
        guard let stream = unsafe opendir(directory) else {
            throw Options.Failure(description: "cannot list \(directory)")
        }
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix("app.log") { names.insert(name) }
        }
        unsafe closedir(stream)
        var entries: [Entry] = []
        for name in names where name != "app.log" {
            // A crash between compressing a file and removing it leaves both.
            if name.hasSuffix(".gz"), names.contains(String(name.dropLast(3))) { continue }
            var parts = name.dropFirst("app.log.".count).split(separator: ".")
            if parts.last == "gz" { parts.removeLast() }
            if isDated {
                guard let stamp = parts.first else { throw Options.Failure(description: "what is \(name)?") }
                let number = parts.count > 1 ? Int(parts[1]) : 0
                guard let number else { throw Options.Failure(description: "what is \(name)?") }
                entries.append(Entry(name: name, stamp: String(stamp), number: number))
            } else {
                guard parts.count == 1, let number = Int(parts[0]) else {
                    throw Options.Failure(description: "what is \(name)?")
                }
                entries.append(Entry(name: name, stamp: "", number: -number))
            }
        }
        entries.sort { ($0.stamp, $0.number) < ($1.stamp, $1.number) }
        var paths = entries.map { "\(directory)/\($0.name)" }
        if names.contains("app.log") { paths.append("\(directory)/app.log") }
        self.paths = paths
    }

    /// The text of a file, decompressed if it is compressed.
    static func text(_ path: String) throws -> ByteArena {
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { throw Options.Failure(description: "cannot open \(path)") }
        defer { _ = close(descriptor) }
        let bytes = ByteArena(capacity: 16 << 20)
        var isAtEnd = false
        while !isAtEnd {
            unsafe bytes.append(room: 1 << 20) { room in
                let count = unsafe read(descriptor, room.baseAddress, room.count)
                isAtEnd = count <= 0
                return max(0, count)
            }
        }
        guard path.hasSuffix(".gz") else { return bytes }
        let text = ByteArena(capacity: 32 << 20)
        try GzipDecompressor().decompress(bytes.view, to: text, limit: 8 << 30)
        return text
    }
}
