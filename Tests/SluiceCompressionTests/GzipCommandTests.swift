// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceCompression
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What is written here, `gzip` reads, and the other way round; where there is a `gzip`.
@Suite struct GzipCommandTests {
    /// What a shell command writes; nil if it fails.
    private func run(_ command: String) -> [UInt8]? {
        guard let pipe = unsafe popen(command, "r") else { return nil }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, pipe)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return unsafe pclose(pipe) == 0 ? bytes : nil
    }

    private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
        let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/sluice-gzip-XXXXXX\0".utf8).map { CChar(bitPattern: $0) }
        let descriptor = unsafe mkstemp(&template)
        try #require(descriptor >= 0)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unsafe unlink(path) }
        let written = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        try #require(written == bytes.count)
        try body(path)
    }

    @Test func gzipReadsWhatIsWrittenHere() throws {
        guard run("command -v gzip") != nil else {
            print("skipped: no gzip here")
            return
        }
        var random = SplitMix64(seed: 4)
        let text = (0..<300_000).map { _ in UInt8(Int.random(in: 0..<40, using: &random)) }
        let output = ByteArena()
        let compressor = try GzipCompressor(level: 1)
        text.withByteView { compressor.compress($0, to: output) }
        text.withByteView { compressor.compress($0, to: output) }
        try withFile(output.view.array) { path in #expect(run("gzip -dc < '\(path)'") == text + text) }
    }

    @Test func whatGzipWritesIsReadHere() throws {
        guard run("command -v gzip") != nil else {
            print("skipped: no gzip here")
            return
        }
        let text = Array(String(repeating: "line of text\n", count: 5000).utf8)
        try withFile(text) { path in
            // With the file's name in the header.
            let data = try #require(run("gzip -9 -c '\(path)'; gzip -1 -c < '\(path)'"))
            let output = ByteArena()
            try data.withByteView { data throws(GzipError) in
                try GzipDecompressor().decompress(data, to: output, limit: 1 << 20)
            }
            #expect(output.view.array == text + text)
        }
    }
}
