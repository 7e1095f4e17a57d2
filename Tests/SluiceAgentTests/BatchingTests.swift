// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SluiceAgent
import SluiceBytes
import SluiceCompression
import SluiceEvents
import Testing

@Suite("How large batches and requests become")
struct BatchingTests {
    private func output(_ entries: [String: ConfigurationNode], type: String = "elasticsearch") throws -> any Output {
        let problems = ConfigurationProblems()
        var entries = entries
        entries["hosts"] = ["a"]
        if type == "loki" { entries["labels"] = ["job": "x"] }
        let node = ConfigurationNode(
            .mapping(entries.map { ConfigurationEntry(key: $0.key, keyPosition: .literal, value: $0.value) })
        )
        let section = ConfigurationSection(node, problems: problems)
        let output = OutputTable.makers[type]?(section)
        section.finish()
        #expect(problems.description == "")
        return try #require(output)
    }

    private func options(_ entries: [String: ConfigurationNode], type: String = "elasticsearch") throws -> OutputOptions
    {
        try output(entries, type: type).options
    }

    // MARK: Batches

    @Test("A batch is one request of each output")
    func sizes() throws {
        let turn = 256 << 10
        let elasticsearch = Batching([try options([:])])
        #expect(elasticsearch.bytes == (2 << 20) - turn && elasticsearch.events == 10_000)
        let loki = Batching([try options([:], type: "loki")])
        #expect(loki.bytes == 2_000_000 - turn && loki.events == 5000)
        #expect(Batching([try options([:]), try options([:], type: "loki")]) == loki)
        #expect(Batching([try options(["bulk_max_bytes": "1MB"])]).bytes == 500_000 - turn)
        #expect(Batching([try options(["bulk_max_bytes": "10kB"])]).bytes == 64 << 10, "a turn is read in one piece")
        #expect(Batching([try options(["bulk_max_bytes": "100MB"])]).bytes == elasticsearch.bytes)
        #expect(Batching([try options(["bulk_max_size": 1600])]).events == 1600)
        #expect(Batching([try options(["bulk_max_size": 1_000_000])]).events == 10_000)
        // Bodies that wait as they are.
        #expect(Batching([try options([:]), try options(["compression_level": 0])]).bytes == 512 << 10)
    }

    @Test("A batch is handed on before it is two requests")
    func full() {
        let batching = Batching(bytes: 1000, events: 100, timeout: 1)
        #expect(!batching.isFull(batch(Array(repeating: "", count: 60)), last: 40))
        #expect(batching.isFull(batch(Array(repeating: "", count: 61)), last: 40))
        #expect(batching.isFull(batch(Array(repeating: "", count: 100)), last: 0))
        let long = batch([String(repeating: "x", count: 1000)])
        #expect(!Batching(bytes: long.arena.count + 1, events: 100, timeout: 1).isFull(long, last: 1))
        #expect(Batching(bytes: long.arena.count, events: 100, timeout: 1).isFull(long, last: 1))
    }

    // MARK: Requests

    private func batch(_ lines: [String]) -> EventBatch {
        let batch = EventBatch(capacity: 4096)
        let source = EventSource(generation: "AAAAAAAAAAAAAAAA", path: "/a.log", common: [])
        let segment = batch.openSegment(EventSegment(source: source, start: 0, end: .max, time: 1, timeOffset: 0))
        var offset: Int64 = 0
        for line in lines {
            let start = batch.arena.count
            batch.arena.append(line)
            let end = offset + Int64(line.utf8.count) + 1
            batch.appendEvent(segment: segment, text: start..<batch.arena.count, file: offset..<end)
            offset = end
        }
        _ = EventPipeline(
            parser: PlainParser(),
            processors: ProcessorList(node: nil, context: ProcessorContext(), problems: ConfigurationProblems())
        ).run(batch)
        return batch
    }

    private func requests(_ output: any Output, _ batch: EventBatch, _ selected: EventMask) throws -> [(
        request: OutputRequest, text: String
    )] {
        let builder = try RequestBuilder(
            compressionLevel: output.options.compressionLevel,
            compression: output.options.compression
        )
        output.makeEncoder().encode(batch, selected: selected, into: builder)
        return try builder.takeRequests().map { request in
            let text = ByteArena()
            if request.isCompressed {
                try Array(request.body.readableBytesView).withByteView { body throws(GzipError) in
                    try GzipDecompressor().decompress(body, to: text, limit: 1 << 26)
                }
            } else {
                text.append(Array(request.body.readableBytesView))
            }
            return (request, text.string)
        }
    }

    /// Bodies of several pieces, of which one ends anywhere; an event that is larger than a piece; a body of one piece.
    @Test(
        "A body that is compressed in pieces is the body that is not compressed",
        arguments: ["elasticsearch", "http", "loki"]
    )
    func pieces(type: String) throws {
        var lines = (0..<3000).map { "line \($0) " + String(repeating: "\($0 % 7)", count: $0 % 211) }
        lines[1500] = (0..<40_000).map { "\($0)" }.joined(separator: " ")
        let batch = batch(lines)
        for (first, last) in [(0, 3000), (0, 1), (1499, 1502), (1600, 1601), (10, 2900)] {
            var selected = EventMask(count: lines.count, isSet: false)
            for event in first..<last where event % 10 != 3 { selected[event] = true }
            let plain = try requests(output(["compression_level": 0], type: type), batch, selected)
            let packed = try requests(output(["compression_level": 1], type: type), batch, selected)
            #expect(plain.map(\.text) == packed.map(\.text))
            #expect(plain.map(\.request.events) == packed.map(\.request.events))
            #expect(packed.map(\.request.plainBytes) == packed.map(\.text.utf8.count))
            #expect(plain.map(\.request.plainBytes) == packed.map(\.text.utf8.count))
            #expect(packed.allSatisfy(\.request.isCompressed) && packed.count == 1)
        }
    }

    @Test("What is compressed already counts as well", arguments: ["elasticsearch", "http", "loki"])
    func limits(type: String) throws {
        let batch = batch((0..<4000).map { "line \($0) " + String(repeating: "\($0 % 7)", count: 190) })
        let all = EventMask(count: 4000, isSet: true)
        for entries: [String: ConfigurationNode] in [["bulk_max_bytes": "300kB"], ["bulk_max_size": 1500]] {
            let packed = try requests(output(entries, type: type), batch, all)
            let plain = try requests(
                output(entries.merging(["compression_level": 0]) { old, _ in old }, type: type),
                batch,
                all
            )
            #expect(packed.map(\.request.events) == plain.map(\.request.events))
            #expect(packed.flatMap(\.request.events) == (0..<4000).map(Int32.init))
            #expect(packed.map(\.text) == plain.map(\.text))
            if entries["bulk_max_size"] != nil {
                #expect(packed.map(\.request.events.count) == [1500, 1500, 1000])
            } else {
                #expect(packed.count > 3 && packed.allSatisfy { $0.text.utf8.count < 400_000 })
            }
        }
    }
}
