// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes
import SluiceLogging
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@Suite("Layouts")
struct LayoutTests {
    private let destination = MemoryDestination()

    private struct Missing: LoggableError, CustomStringConvertible {
        var description: String { "no model" }
        var logMetadata: LogMetadata { ["model": "v2", "type": "own", "attempt": 3] }
        var underlyingError: (any Error)? { Cause.disk }
        var stackTrace: String? { "main.swift:1" }
    }
    private enum Cause: Error { case disk }
    private static let types = "SluiceLoggingTests.LayoutTests."

    private func write(_ layout: some LogLayout, error: (any Error)? = nil) -> String {
        let log = ContextLogger("mlops.prediction", engine: destination.engine(layout: layout))
        log.setContext(["request_id": "9f0c"])
        log.warning("prediction \"served\"", error: error, file: "Service/Model.swift", function: "predict()", line: 7)
        {
            $0["user_id"] = 42
            $0["level"] = "own"
            $0["note"] = "two words"
            $0["nested"] = ["a": 1]
            $0["message"] = "own"
        }
        return destination.lines.last ?? ""
    }

    @Test("Elastic Common Schema")
    func ecs() throws {
        let expected =
            #"{"@timestamp":"2026-11-22T03:32:00.123456Z","log.level":"WARNING","message":"prediction \"served\"","#
            + #""ecs.version":"8.11.0","log.logger":"mlops.prediction","log.origin.file.name":"Model.swift","#
            + #""log.origin.file.line":7,"log.origin.function":"predict()","request_id":"9f0c","user_id":42,"#
            + #""level":"own","note":"two words","nested":{"a":1},"message_":"own"}"# + "\n"
        #expect(write(.ecs) == expected)
        let line = try LogLine(write(.ecs, error: Missing()))
        #expect(line["error.message"] == "\"no model\"" && line["error.stack_trace"] == "\"main.swift:1\"")
        #expect(line["error.type"]?.contains("Missing") == true)
        #expect(line["error.details"]?.hasPrefix(#"{"model":"v2","type_":"own","attempt":3,"cause":{"type":""#) == true)
    }

    @Test("Google Cloud Logging")
    func googleCloud() throws {
        let expected =
            #"{"severity":"WARNING","time":"2026-11-22T03:32:00.123456Z","message":"prediction \"served\"","#
            + #""logger":"mlops.prediction","logging.googleapis.com/sourceLocation":{"file":"Service/Model.swift","#
            + #""line":"7","function":"predict()"},"request_id":"9f0c","user_id":42,"level":"own","note":"two words","#
            + #""nested":{"a":1},"message_":"own"}"# + "\n"
        #expect(write(.gcp) == expected)
        let line = try LogLine(write(.gcp, error: Missing()))
        #expect(line["exception"]?.contains("\"message\":\"no model\"") == true)
        #expect(line["@type"]?.contains("ReportedErrorEvent") == true)
    }

    @Test("Text for people, as Python's logging has it, and in colours where they are wanted")
    func text() {
        let expected =
            "2026-11-22 03:32:00,123 [WARNING] mlops.prediction: prediction \"served\" request_id=9f0c user_id=42 "
            + "level=own note=\"two words\" nested={\"a\":1} message=own\n"
        #expect(write(.text) == expected)
        #expect(write(TextLayout(color: .never)) == expected)
        let colored = write(TextLayout(color: .always))
        #expect(colored.contains("\u{1b}[33m[WARNING]\u{1b}[0m "))
        let escape = /\u{1b}\[[0-9;]*m/
        #expect(colored.replacing(escape, with: "") == expected)
        #expect(write(.text, error: Missing()).contains(#" exception={"type":"#))
    }

    @Test("Nothing in a text line breaks it or drives the terminal")
    func hostileText() throws {
        let hostile = "a\nb\r\u{1b}[31m\u{7f}\u{9b}c\\d\"e"
        ContextLogger("x\n", engine: destination.engine(layout: .text)).info("\(hostile)") { $0["k\n"] = hostile }
        let line = try #require(destination.lines.first)
        #expect(line.unicodeScalars.filter { $0.value < 0x20 || (0x7f..<0xa0).contains($0.value) }.map(\.value) == [10])
        #expect(line.contains(#"a\nb\r\u001b[31m???c\d"e "#))
    }

    @Test("Colours are for terminals, and not where the environment says no")
    func terminals() async {
        await #expect(processExitsWith: .success) {
            unsafe setenv("TERM", "xterm", 1)
            unsafe unsetenv("NO_COLOR")
            try #require(TextLayout().adapted(isTerminal: true).color == .always)
            try #require(TextLayout().adapted(isTerminal: false).color == .never)
            unsafe setenv("NO_COLOR", "1", 1)
            try #require(TextLayout().adapted(isTerminal: true).color == .never)
            try #require(TextLayout(color: .always).adapted(isTerminal: false).color == .always)
        }
    }

    @Test("Keys of the default layout can be renamed or left out, and only those in use are reserved")
    func ownKeys() {
        var keys = JSONLayout.Keys()
        keys.timestamp = nil
        keys.level = "severity"
        keys.module = nil
        keys.function = "severity"
        keys.line = nil
        keys.exception = "err\""
        let log = ContextLogger("x", engine: destination.engine(layout: .json(keys: keys)))
        log.info("m", error: Cause.disk) {
            $0["severity"] = 1
            $0["level"] = 2
            $0["timestamp"] = 3
        }
        let expected =
            #"{"severity":"INFO","logger":"x","message":"m","severity_":1,"level":2,"timestamp":3,"err\"":{"type":""#
        #expect(destination.lines[0].hasPrefix(expected))
        var none = keys
        none.level = nil
        none.logger = nil
        none.message = nil
        none.function = nil
        ContextLogger("x", engine: destination.engine(layout: .json(keys: none))).info("m")
        ContextLogger("x", engine: destination.engine(layout: .json(keys: none))).info("m") { $0["a"] = 1 }
        #expect(destination.lines.dropFirst() == ["{}\n", "{\"a\":1}\n"])
    }

    @Test("What an error carries stands in its exception, down to its cause")
    func exceptions() throws {
        let line = try LogLine(write(.json, error: Missing()))
        #expect(line.keys.last == "exception")
        let exception = try #require(line["exception"])
        #expect(exception.contains(#","message":"no model","stack_trace":"main.swift:1","model":"v2","type_":"own","#))
        #expect(exception.contains(#""attempt":3,"cause":{"type":""#) && exception.hasSuffix(#""message":"disk"}}"#))
    }

    private final class Endless: LoggableError {
        var underlyingError: (any Error)? { self }
    }

    @Test("An error that is its own cause ends")
    func endlessCauses() throws {
        _ = try LogLine(write(.json, error: Endless()))
    }

    @Test("Whatever the text, every JSON layout writes one line of JSON", arguments: ["\"\n\0", "é😀", "plain", ""])
    func anyText(_ text: String) throws {
        var keys = JSONLayout.Keys()
        keys.message = text
        for layout in [JSONLayout(), ECSLayout(), GoogleCloudLayout(), JSONLayout(keys: keys)] as [any LogLayout] {
            func log(_ layout: some LogLayout) {
                let log = ContextLogger(text, engine: destination.engine(layout: layout))
                log.info(text) { $0[text] = text }
                Logger(label: text) { _ in destination.handler(label: text) }.info("\(text)", source: text)
            }
            log(layout)
        }
        #expect(destination.lines.count == 8)
        for line in destination.lines { _ = try LogLine(line) }
    }
}
