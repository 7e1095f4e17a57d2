// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceBytes
import SluiceCompression
import Testing

/// Files that SluiceLogging rotates and compresses, shipped while it does.
@Suite(.serialized) struct LibraryRotationTests {
    @Test(arguments: [("size-gzip", "immediate"), ("time-dated-gzip", "buffered")])
    func rotatedAndCompressedWhileShipped(_ rotation: String, _ mode: String) async throws {
        let road = try await Road()
        let logs = road.path("logs")
        unsafe mkdir(logs, 0o755)
        try road.pipeline(["logs/app.log"])
        let agent = try road.agent()
        // By size a new file comes about every one and a half seconds, by time every two.
        let lines = 8000
        let writer = try ChildProcess(
            [
                SluiceCommand.folder + "/logging-torture", "write", "--directory", logs, "--rotation", rotation,
                "--mode", mode, "--size", "120000", "--period", "2", "--ledger", road.path("ledger"), "--run", "0",
                "--threads", "4",
                "--lines", String(lines), "--pause", "5000",
            ],
            folder: road.folder,
            name: "writer"
        )
        let status = try await writer.exitStatus()
        #expect(status == 0, "\(writer.errors)")
        try await road.waitForEvents(lines, agent)
        #expect(try await road.terminate(agent) == 0)

        let names = try Self.names(in: logs).filter { $0.hasPrefix("app.log") }
        #expect(names.count { $0.hasSuffix(".gz") } >= 3, "\(names)")
        var written: [String] = []
        for name in names { written += try Self.lines(of: logs + "/" + name) }
        #expect(written.count == lines)
        #expect(Set(written).count == lines)
        let atLoki = Account(written: written, arrived: try road.lokiLines())
        #expect(atLoki.isEven, "Loki: \(atLoki)")
        let atElasticsearch = Account(written: written, arrived: try road.elasticsearchMessages())
        #expect(atElasticsearch.isEven, "Elasticsearch: \(atElasticsearch)")
    }

    private static func names(in folder: String) throws -> [String] {
        guard let stream = unsafe opendir(folder) else { throw Command.Failure(description: "cannot list \(folder)") }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            names.append(
                unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
            )
        }
        return names
    }

    /// The lines of a file, decompressed if it is compressed.
    private static func lines(of path: String) throws -> [String] {
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { throw Command.Failure(description: "cannot open \(path)") }
        defer { close(descriptor) }
        let bytes = ByteArena()
        var isAtEnd = false
        while !isAtEnd {
            unsafe bytes.append(room: 1 << 20) { room in
                let count = unsafe read(descriptor, room.baseAddress, room.count)
                isAtEnd = count <= 0
                return max(0, count)
            }
        }
        let text = ByteArena()
        try withExtendedLifetime(bytes) {
            if path.hasSuffix(".gz") {
                try GzipDecompressor().decompress(bytes.view, to: text, limit: 1 << 30)
            } else {
                text.append(bytes.view)
            }
        }
        return text.string.split(separator: "\n").map(String.init)
    }
}
