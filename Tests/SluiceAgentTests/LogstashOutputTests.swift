// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SluiceAgent
import SluiceBytes
import SluiceCompression
import SluiceEvents
import Testing

@Suite("Logstash's options, frames and verdicts")
struct LogstashOutputTests {
    private func read(_ options: ConfigurationNode) -> (output: LogstashOutput?, problems: String) {
        let problems = ConfigurationProblems()
        let section = ConfigurationSection(options, problems: problems)
        let output = LogstashOutput(section)
        section.finish()
        return (output, problems.description)
    }

    @Test("The defaults are Filebeat's")
    func defaults() throws {
        let output = try #require(read(["hosts": ["logs.example.org"]]).output)
        #expect(output.hosts.map(\.description) == ["logs.example.org:5044"])
        #expect(output.options.bulkMaximumEvents == 2048)
        #expect(output.options.timeout == 30_000_000_000)
        #expect(output.options.backoffInitial == 1_000_000_000)
        #expect(output.options.backoffMaximum == 60_000_000_000)
        #expect(output.pipelining == 2)
        #expect(output.compressionLevel == 3)
        #expect(!output.balances && !output.startsSlowly && !output.escapesHTML)
        #expect(output.connectionCount == 1)
        #expect(output.options.pace.workers == 2, "as many requests as windows may be under way")
        #expect(output.options.name == "logstash")
    }

    @Test("All of Filebeat's options are taken")
    func all() throws {
        let (output, problems) = read([
            "hosts": ["a:1", "b"], "loadbalance": true, "worker": 3, "pipelining": 4, "compression_level": 0,
            "bulk_max_size": 100, "slow_start": true, "ttl": "1m", "timeout": "5s", "max_retries": -1,
            "backoff.init": "2s", "backoff": ["max": "3s"], "escape_html": true, "index": "filebeat", "name": "x",
            "proxy_use_local_resolver": false,
        ])
        #expect(problems == "")
        let found = try #require(output)
        #expect(found.connectionCount == 6)
        #expect(found.options.pace.workers == 24)
        #expect(found.lifetime == 60_000_000_000)
        #expect(found.beat == "filebeat")
        #expect(found.startsSlowly && found.escapesHTML && found.balances)
    }

    static let mistakes: [(ConfigurationNode, String)] = [
        ([:], "'hosts' is missing"),
        (["hosts": ["http://a:5044"]], "'http://a:5044' is not a host such as logstash.example.org:5044"),
        (["hosts": ["a"], "proxy_url": "socks5://x:1"], "SOCKS proxy"),
        (["hosts": ["a"], "queue": ["mem": ["events": 1]]], "'queue' has no meaning here"),
        (["hosts": ["a"], "worker": 1, "workers": 2], "keep one of them"),
        (["hosts": ["a"], "index": "x-%{[y]}"], "takes no '%{…}'"),
        (["hosts": ["a"], "pipelinning": 1], "did you mean 'pipelining'"),
        (["hosts": ["a"], "bulk_max_size": 0], "bulk_max_size"),
        (["hosts": ["a"], "max_retries": "often"], "max_retries"),
    ]

    @Test("What cannot be is refused with a sentence", arguments: mistakes)
    func mistake(options: ConfigurationNode, reason: String) {
        let problems = read(options).problems
        #expect(problems.contains(reason), "\(problems)")
    }

    @Test(
        "Hosts as people write them",
        arguments: [
            ("a", "a:5044"), ("10.0.0.1:9", "10.0.0.1:9"), ("[::1]:5045", "[::1]:5045"), ("[::1]", "[::1]:5044"),
            ("fe80::1", "[fe80::1]:5044"), ("a.b-c", "a.b-c:5044"), ("", nil), (":5044", nil), ("a:", nil),
            ("a:0", nil), ("a:65536", nil), ("a:+1", nil), ("tcp://a", nil), ("a b", nil), ("[a]:1", nil),
            ("[::1", nil), ("[::1]x", nil), ("u@a:1", nil),
        ] as [(String, String?)]
    )
    func hosts(text: String, expected: String?) { #expect(LogstashHost(text)?.description == expected) }

    @Test("What was acknowledged before the end is delivered, the rest is sent again")
    func verdicts() throws {
        let output = try #require(read(["hosts": ["a"]]).output)
        let request = OutputRequest(
            target: "",
            contentType: "",
            body: ByteBuffer(),
            isCompressed: false,
            plainBytes: 0,
            events: [4, 5, 6]
        )
        func judge(_ status: Int, _ text: String) -> Verdict {
            text.withByteView { output.judge(OutputResponse(status: status, body: $0), request: request) }
        }
        #expect(judge(200, "") == .delivered)
        #expect(judge(503, "2 a:5044 closed") == .each([.delivered, .delivered, .retry], reason: "a:5044 closed"))
        #expect(judge(503, "0 10 things") == .again(reason: "10 things", after: nil))
        #expect(judge(503, "") == .again(reason: "", after: nil))
    }

    // MARK: Frames

    private func frames(_ texts: [String]) -> ByteArena {
        let arena = ByteArena(capacity: 64)
        for (number, text) in texts.enumerated() {
            let start = LumberjackFrame.beginEvent(sequence: number + 1, in: arena)
            arena.append(text)
            LumberjackFrame.endEvent(start, in: arena)
        }
        return arena
    }

    @Test("A window is its head and its events, as they are or as a zlib stream")
    func window() throws {
        let events = frames(["{}", "{\"a\":1}"])
        let expected: [UInt8] =
            Array("2J".utf8) + [0, 0, 0, 1, 0, 0, 0, 2] + Array("{}2J".utf8) + [0, 0, 0, 2, 0, 0, 0, 7]
            + Array("{\"a\":1}".utf8)
        #expect(events.view.array == expected)
        let plain = ByteArena()
        LumberjackFrame.appendWindow(events.view, events: 258, compressor: nil, to: plain)
        #expect(plain.view.array == Array("2W".utf8) + [0, 0, 1, 2] + expected)

        let compressed = ByteArena()
        let compressor = try GzipCompressor(level: 3, wrapper: .zlib)
        LumberjackFrame.appendWindow(events.view, events: 2, compressor: compressor, to: compressed)
        let bytes = compressed.view.array
        #expect(Array(bytes[..<8]) == Array("2W".utf8) + [0, 0, 0, 2] + Array("2C".utf8))
        let length = bytes[8..<12].reduce(0) { $0 << 8 | Int($1) }
        #expect(length == bytes.count - 12)
        let text = ByteArena()
        try GzipDecompressor(windowBits: 15)
            .decompress(compressed.view[12..<compressed.count], to: text, limit: 1 << 20)
        #expect(text.view.array == expected)
    }

    @Test("A body is cut into windows that each count from 1", arguments: 1...8)
    func cutting(size: Int) {
        let texts = (0..<7).map { String(repeating: "x", count: $0 * 100) }
        let arena = frames(texts)
        var body = ByteBuffer(bytes: arena.view.array)
        var found: [String] = []
        while true {
            var (part, count) = LumberjackFrame.takeEvents(size, from: &body)
            if count == 0 { break }
            #expect(count == min(size, texts.count - found.count))
            for number in 1...count {
                #expect(part.readString(length: 2) == "2J")
                #expect(part.readInteger(as: UInt32.self) == UInt32(number))
                let length = part.readInteger(as: UInt32.self) ?? 0
                found.append(part.readString(length: Int(length)) ?? "-")
            }
            #expect(part.readableBytes == 0)
        }
        #expect(found == texts)
        #expect(body.readableBytes == 0)
    }

    // MARK: Events

    private func documents(_ lines: [String], _ options: ConfigurationNode, processors: ConfigurationNode? = nil) throws
        -> [String]
    {
        let batch = EventBatch(capacity: 4096)
        let source = EventSource(generation: "AAAAAAAAAAAAAAAA", path: "/a.log", common: [])
        let segment = batch.openSegment(
            EventSegment(source: source, start: 0, end: 1000, time: 1_700_000_000_000_000_000, timeOffset: 0)
        )
        var offset: Int64 = 0
        for line in lines {
            let start = batch.arena.count
            batch.arena.append(line)
            let end = offset + Int64(line.utf8.count) + 1
            batch.appendEvent(segment: segment, text: start..<batch.arena.count, file: offset..<end)
            offset = end
        }
        let problems = ConfigurationProblems()
        let list = ProcessorList(node: processors, context: ProcessorContext(), problems: problems)
        _ = EventPipeline(parser: JSONEventParser(), processors: list).run(batch)
        #expect(problems.isEmpty)
        let output = try #require(read(options).output)
        let builder = try RequestBuilder(compressionLevel: output.options.compressionLevel)
        output.makeEncoder().encode(batch, selected: EventMask(count: lines.count, isSet: true), into: builder)
        return builder.takeRequests().flatMap { request in
            var body = request.body
            #expect(body.readString(length: 2) == "2W")
            #expect(body.readInteger(as: UInt32.self) == UInt32(request.events.count))
            var found: [String] = []
            while body.readString(length: 2) == "2J" {
                #expect(body.readInteger(as: UInt32.self) == UInt32(found.count + 1))
                found.append(body.readString(length: Int(body.readInteger(as: UInt32.self) ?? 0)) ?? "-")
            }
            #expect(found.count == request.events.count)
            return found
        }
    }

    @Test("Documents are the event with its time and @metadata, which has an id and what processors put there")
    func metadata() throws {
        let processors: ConfigurationNode = [
            ["add_fields": ["target": "@metadata", "fields": ["pipeline": "p", "beat": "other"]]]
        ]
        let options: ConfigurationNode = ["hosts": ["a"], "compression_level": 0, "index": "file\"beat"]
        let plain = try documents([#"{"a":"<b>"}"#, "{}"], options)
        let time = #""@timestamp":"2023-11-14T22:13:20"#
        #expect(plain.allSatisfy { $0.hasPrefix("{" + time) })
        let origin = #""beat":"file\"beat","type":"_doc","version":"\#(AgentVersion.text)""#
        #expect(plain.first?.contains(#","a":"<b>","@metadata":{\#(origin),"_id":""#) == true, "\(plain)")
        #expect(Set(plain.compactMap { $0.components("\"_id\":\"").last }).count == 2, "each has its own id")

        let rich = try documents([#"{"a":1}"#], options, processors: processors)
        #expect(rich.first?.contains(#"\#(origin),"_id":""#) == false)
        #expect(rich.first?.contains(#""pipeline":"p""#) == true)
        #expect(rich.first?.components("\"beat\":").count == 2, "what the output says of itself stands once: \(rich)")

        let escaped = try documents(
            [#"{"a":"<b>&"}"#],
            ["hosts": ["a"], "compression_level": 0, "escape_html": true]
        )
        #expect(escaped.first?.contains(#""a":"\u003cb\u003e\u0026""#) == true, "\(escaped)")
    }

    @Test("No window has more events than allowed")
    func bulkSize() throws {
        let lines = (0..<25).map { "{\"n\":\($0)}" }
        let found = try documents(lines, ["hosts": ["a"], "compression_level": 0, "bulk_max_size": 10])
        #expect(found.count == 25)
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
