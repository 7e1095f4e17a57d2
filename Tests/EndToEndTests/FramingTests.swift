// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// What a file's bytes become before they are parsed.
@Suite(.serialized) struct FramingTests {
    private static func utf16(_ text: String, isBig: Bool) -> [UInt8] {
        text.utf16.flatMap { isBig ? [UInt8($0 >> 8), UInt8($0 & 0xff)] : [UInt8($0 & 0xff), UInt8($0 >> 8)] }
    }

    private func expect(_ lines: [String], at road: Road, _ comment: String = "") throws {
        #expect(try road.lokiLines() == lines, "\(comment)")
        #expect(try road.elasticsearchMessages().sorted() == lines.sorted(), "\(comment)")
    }

    @Test(
        arguments: [
            ("utf-16-bom", [0xfe, 0xff] + utf16("één\n二\n", isBig: true), utf16("drei\n", isBig: true)),
            ("utf-16le-bom", [0xff, 0xfe] + utf16("één\r\n二\r\n", isBig: false), utf16("drei\n", isBig: false)),
            ("utf-16le", utf16("één\n二\n", isBig: false), utf16("drei\n", isBig: false)),
            ("utf-8", [0xef, 0xbb, 0xbf] + Array("één\n二\n".utf8), Array("drei\n".utf8)),
            ("latin1", [0xe9, 0xe9, 0x6e, 0x0a, 0x80, 0x0a], Array("drei\n".utf8)),
            ("gbk", [0xa8, 0xa6, 0xa8, 0xa6, 0x6e, 0x0a, 0xb6, 0xfe, 0x0a], Array("drei\n".utf8)),
            ("shift_jis", [0x94, 0xf1, 0x0a, 0x93, 0xf1, 0x0a], Array("drei\n".utf8)),
        ] as [(String, [UInt8], [UInt8])]
    )
    func encodings(_ name: String, _ first: [UInt8], _ second: [UInt8]) async throws {
        let expected =
            switch name {
            case "latin1": ["één", "€", "drei"]
            case "shift_jis": ["非", "二", "drei"]
            default: ["één", "二", "drei"]
            }
        let road = try await Road()
        try road.pipeline(["app.log"], input: "encoding: \(name)")
        try TextFile.append(first, road.path("app.log"))
        try await road.runOnce()
        try expect(Array(expected.prefix(2)), at: road, name)
        // A restart in the middle knows the byte order, and that the mark is no text.
        try TextFile.append(second, road.path("app.log"))
        try await road.runOnce()
        try expect(expected, at: road, name)
    }

    @Test(arguments: [
        ("null_terminator", "one\ntwo\u{0}three\u{0}fo", ["one\ntwo", "three"]),
        ("carriage_return", "one\rtwo\r\rthr", ["one", "two"]),
        ("carriage_return_line_feed", "one\ntwo\r\nthree\r\n", ["one\ntwo", "three"]),
        ("line_separator", "one\u{2028}two\u{2028}", ["one", "two"]),
    ])
    func lineTerminators(_ name: String, _ text: String, _ lines: [String]) async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], input: "line_terminator: \(name)")
        try TextFile.write(text, road.path("app.log"))
        try await road.runOnce()
        try expect(lines, at: road)
        try await road.runOnce()
        try expect(lines, at: road)
    }

    @Test(arguments: [
        ("{pattern: '^ ', match: after}", "a\n b\n c\n\nd\n e\n", ["a\n b\n c", "d\n e"]),
        ("{pattern: '^\\[', negate: true, match: after}", "[1\nx\n\ny\n[2\n", ["[1\nx\n\ny", "[2"]),
        ("{pattern: '\\\\$', match: before}", "a\\\nb\\\nc\nd\n", ["a\\\nb\\\nc", "d"]),
        ("{type: count, count_lines: 2}", "a\nb\nc\nd\ne\n", ["a\nb", "c\nd", "e"]),
        ("{type: while_pattern, pattern: '^ '}", "a\n b\n c\nd\n e\n", ["a", " b\n c", "d", " e"]),
        (
            "{pattern: '^start', negate: true, match: after, flush_pattern: '^end'}",
            "start\nx\nend\ny\nstart\nz\n", ["start\nx\nend", "y", "start\nz"]
        ),
        ("{pattern: '^ ', match: after, max_lines: 2}", "a\n b\n c\n d\ne\n", ["a\n b", "e"]),
        ("{pattern: '^ ', match: after, skip_newline: true}", "a\n b\n c\nd\n", ["a b c", "d"]),
    ])
    func multiline(_ options: String, _ text: String, _ events: [String]) async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], input: "multiline: \(options)")
        try TextFile.write(text + "not ended", road.path("app.log"))
        let agent = try await road.runOnce()
        try expect(events, at: road, options)
        let messages = AgentLog.entries(agent.errors).map { $0["message"] as? String ?? "" }
        #expect(messages.contains { $0.hasPrefix("the last line has no line end") })
        let documents = try road.receiver.elasticsearch.documents("logs-test")
        for document in documents {
            let message = document["message"] as? String ?? ""
            let flags = ((document["log"] as? [String: Any])?["flags"] as? [String]) ?? []
            let isJoined = message.contains("\n") || message == "a b c"
            #expect(flags.contains("multiline") == isJoined, "\(message): \(flags)")
            #expect(flags.contains("truncated") == (options.contains("max_lines") && message == "a\n b"))
        }
        try await road.runOnce()
        try expect(events, at: road, options)
        #expect(try StateFile(road).forced().isEmpty, "what everybody has is not kept")
    }

    @Test func linesAreIncludedAndExcluded() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"], input: "include_lines: ['^ERR', '^WARN']\n    exclude_lines: ['noise']")
        try TextFile.write("ERR a\nINFO b\nWARN noise\nWARN c\n", road.path("app.log"))
        let agent = try await road.runOnce()
        try expect(["ERR a", "WARN c"], at: road)
        let end = try #require(AgentLog.entries(agent.errors).last)
        #expect(end["read"] as? String == "4" && end["dropped"] as? String == "2")
        // What was left out is done with.
        #expect(try StateFile(road).progress("elasticsearch") == 31)
    }

    @Test func whatIsNoTextIsSaidToBe() async throws {
        let road = try await Road()
        try road.pipeline(["app.log"])
        try TextFile.append(Array("good é\nbad ".utf8) + [0xff, 0xc3, 0x0a], road.path("app.log"))
        try await road.runOnce()
        try expect(["good é", "bad \u{fffd}\u{fffd}"], at: road)
        for document in try road.receiver.elasticsearch.documents("logs-test") {
            let flags = (document["log"] as? [String: Any])?["flags"] as? [String]
            #expect(flags == ((document["message"] as? String)?.hasPrefix("bad") == true ? ["encoding_error"] : nil))
        }
    }

    /// A file that is made large first, and then written over from its beginning; and one with a hole.
    @Test func nulsAreNoText() async throws {
        let road = try await Road()
        let file = unsafe open(road.path("app.log"), O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        try #require(file >= 0)
        defer { close(file) }
        try #require(ftruncate(file, 1 << 20) == 0)
        var offset: off_t = 0
        func write(_ text: String) {
            let bytes = Array(text.utf8)
            offset += unsafe bytes.withUnsafeBytes { off_t(unsafe pwrite(file, $0.baseAddress, $0.count, offset)) }
        }
        write("one\n")
        try road.pipeline(["app.log"])
        var agent = try road.agent()
        try await road.waitForEvents(1, agent)
        write("two\nthr")
        try await road.waitForEvents(2, agent)
        write("ee\n")
        try await road.waitForEvents(3, agent)
        agent.kill()
        write("four\n")
        agent = try road.agent()
        try await road.waitForEvents(4, agent)
        offset = 1 << 21
        write("five\n")
        try await road.waitForEvents(5, agent)
        #expect(try await road.terminate(agent) == 0)
        try expect(["one", "two", "three", "four", "five"], at: road)
    }

    // MARK: Mistakes

    @Test func everyMistakeIsSaidWithItsPlace() async throws {
        let folder = try TemporaryFolder()
        let text = """
            name: p
            inputs:
              - type: log
                paths: [/x]
                encoding: utf-61
                line_terminator: newline
                multiline: {pattern: '(', match: behind}
                include_lines: ['[']
              - type: filestream
                id: second
                paths: [/y]
                parsers:
                  - multiline: {type: count}
                  - containr: {}
              - type: container
                id: third
                paths: [/z]
                stream: stdin
                parse: container
              - type: file
                id: fourth
                paths: [/z]
                parse: {container: {format: podman}}
              - type: file
                id: fifth
                paths: [/z]
                parsers: [ndjson: {target: ""}]
                parse: json
            outputs:
              - type: loki
                url: http://127.0.0.1:9
                labels: {a: b}

            """
        try TextFile.write(text, folder.path + "/p.yml")
        let result = try await Command.run([SluiceCommand.path, "check", folder.path + "/p.yml"])
        #expect(result.status == 78)
        let lines = result.errors.split(separator: "\n").map { String($0.dropFirst(folder.path.count + 1)) }
        let expected = [
            ("p.yml:5:15: ", "did you mean 'utf-16'?"), ("p.yml:6:22: ", "expected one of auto, "),
            ("p.yml:7:26: ", "missing closing parenthesis"), ("p.yml:7:38: ", "expected one of after, before"),
            ("p.yml:8:21: ", "missing terminating ]"), ("p.yml:13:20: ", "'count_lines' is missing"),
            ("p.yml:14:9: ", "did you mean 'container'?"), ("p.yml:18:13: ", "expected one of all, stdout, stderr"),
            ("p.yml:19:12: ", "says again that the files are a container's"),
            ("p.yml:23:33: ", "expected one of auto, docker, cri"), ("p.yml:28:12: ", "'parse' and 'parsers'"),
        ]
        for (place, words) in expected {
            #expect(
                lines.contains { $0.hasPrefix(place) && $0.contains(words) },
                "\(place)\(words) in \(result.errors)"
            )
        }
        #expect(lines.count == expected.count, "\(result.errors)")
        withExtendedLifetime(folder) {}
    }
}
