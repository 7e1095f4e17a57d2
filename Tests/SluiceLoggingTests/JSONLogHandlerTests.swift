// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes
import SluiceLogging
import Testing

@Suite("JSON lines")
struct JSONLogHandlerTests {
    private let destination = MemoryDestination()

    private func logger(
        _ metadata: Logger.Metadata = [:],
        provider: Logger.MetadataProvider? = nil
    ) -> Logger {
        let handler = destination.handler(metadata: metadata, metadataProvider: provider)
        return Logger(label: "test") { _ in handler }
    }

    private func onlyLine() throws -> LogLine {
        try #require(destination.lines.count == 1)
        return try LogLine(destination.lines[0])
    }

    @Test("A line has its keys in the documented order, and nothing else")
    func wholeLine() {
        let handler = destination.handler(label: "mlops.prediction", metadata: ["request_id": "9f0c"])
        let logger = Logger(label: "mlops.prediction") { _ in handler }
        logger.info(
            "prediction served",
            metadata: ["user_id": .stringConvertible(42), "execution_time": .stringConvertible(0.013)],
            file: "Service/Model.swift",
            function: "predict()",
            line: 7
        )
        let expected =
            #"{"timestamp":"2026-11-22T03:32:00.123456Z","level":"INFO","logger":"mlops.prediction","#
            + #""message":"prediction served","module":"Service","function":"predict()","line":7,"#
            + #""request_id":"9f0c","execution_time":0.013,"user_id":42}"# + "\n"
        #expect(destination.lines == [expected])
    }

    @Test("The time is the system's, in UTC and microseconds")
    func systemTime() throws {
        let before = SystemTime.now()
        let handler = JSONLogHandler(label: "x", destination: destination, metadataProvider: nil)
        Logger(label: "x") { _ in handler }.info("now")
        let after = SystemTime.now()
        let text = try #require(try onlyLine()["timestamp"]).dropFirst().dropLast()
        #expect(text.utf8.count == 27)
        let time = try #require(Array(text.utf8).withByteView { Timestamp.parse($0) })
        #expect(time.fractionDigits == 6)
        #expect(time.nanoseconds >= before / 1000 * 1000 && time.nanoseconds <= after)
    }

    @Test("Every level has its name, and goes to the destination with the line", arguments: Logger.Level.allCases)
    func levels(_ level: Logger.Level) throws {
        logger().log(level: level, "x")
        #expect(try onlyLine()["level"] == "\"\(level.rawValue.uppercased())\"")
        #expect(destination.levels == [level])
    }

    @Test("Later metadata replaces earlier: handler, provider, call")
    func mergeOrder() throws {
        let provider = Logger.MetadataProvider { ["b": "provider", "c": "provider", "e": "provider", "g": "provider"] }
        let logger = logger(["a": "handler", "b": "handler", "c": "handler", "d": "handler"], provider: provider)
        logger.info("x", metadata: ["c": "call", "d": "call", "e": "call", "f": "call"])
        let line = try onlyLine()
        #expect(Array(line.keys.dropFirst(7)) == ["a", "b", "g", "c", "d", "e", "f"])
        let values = line.members.dropFirst(7).map(\.value)
        let expected = ["handler", "provider", "provider", "call", "call", "call", "call"].map { "\"\($0)\"" }
        #expect(values == expected)
    }

    @Test("Metadata of a provider alone is written")
    func providerAlone() throws {
        logger(provider: Logger.MetadataProvider { ["trace": "1"] }).info("x")
        #expect(try onlyLine()["trace"] == "\"1\"")
    }

    @Test(
        "Values keep their types",
        arguments: [
            (.string("a\"b"), #""a\"b""#),
            (.stringConvertible(42), "42"),
            (.stringConvertible(Int.min), "-9223372036854775808"),
            (.stringConvertible(UInt64.max), "18446744073709551615"),
            (.stringConvertible(UInt(7)), "7"),
            (.stringConvertible(Int64(-7)), "-7"),
            (.stringConvertible(Int32(-7)), "-7"),
            (.stringConvertible(UInt32(7)), "7"),
            (.stringConvertible(Int16(-7)), "-7"),
            (.stringConvertible(UInt16(7)), "7"),
            (.stringConvertible(Int8(-7)), "-7"),
            (.stringConvertible(UInt8(7)), "7"),
            (.stringConvertible(0.5), "0.5"),
            (.stringConvertible(1e300), "1e+300"),
            (.stringConvertible(-0.0), "-0.0"),
            (.stringConvertible(Float(0.1)), "0.1"),
            (.stringConvertible(Double.nan), "null"),
            (.stringConvertible(Double.infinity), "null"),
            (.stringConvertible(-Float.infinity), "null"),
            (.stringConvertible(true), "true"),
            (.stringConvertible(false), "false"),
            (.stringConvertible("text"), #""text""#),
            (.stringConvertible("text".dropFirst()), #""ext""#),
            (.stringConvertible(Level.high), #""high \"quoted\"""#),
            (.attributed(1, attributes: []), #""1""#),
            (.array([]), "[]"),
            (.array(["a", .stringConvertible(1), .array([.stringConvertible(true)])]), #"["a",1,[true]]"#),
            (.dictionary([:]), "{}"),
            (
                .dictionary(["b": .stringConvertible(2), "a": .dictionary(["level": "kept"])]),
                #"{"a":{"level":"kept"},"b":2}"#
            ),
        ] as [(Logger.MetadataValue, String)]
    )
    func types(_ value: Logger.MetadataValue, _ expected: String) throws {
        logger(["context": value]).info("x", metadata: ["call": value])
        let line = try onlyLine()
        #expect(line["context"] == expected)
        #expect(line["call"] == expected)
    }

    private enum Level: CustomStringConvertible {
        case high
        var description: String { "high \"quoted\"" }
    }

    @Test("Reserved keys are kept under another name, and no key appears twice")
    func reservedKeys() throws {
        let reserved = ["timestamp", "level", "logger", "message", "module", "function", "line", "exception"]
        var metadata: Logger.Metadata = ["levels": "l", "_level": "u", "lin": "n", "": "e", "level_x": "x"]
        for key in reserved {
            metadata[key] = "0"
            metadata[key + "_"] = "1"
            metadata[key + "__"] = "2"
        }
        struct Failure: Error {}
        logger(metadata).error("m", error: Failure(), metadata: ["level": "call"])
        let line = try onlyLine()
        #expect(Set(line.keys).count == line.keys.count)
        for key in reserved {
            #expect(line[key + "_"] == (key == "level" ? "\"call\"" : "\"0\""))
            #expect(line[key + "__"] == "\"1\"")
            #expect(line[key + "___"] == "\"2\"")
        }
        #expect(line["level"] == "\"ERROR\"")
        #expect(line["message"] == "\"m\"")
        #expect(line["levels"] == "\"l\"" && line["_level"] == "\"u\"" && line["lin"] == "\"n\"")
        #expect(line[""] == "\"e\"" && line["level_x"] == "\"x\"")
    }

    @Test(
        "Whatever the text, a line is one line of JSON that says the same",
        arguments: [
            "", "\n", "\r\n", "\0", "\u{1}\u{1f}\u{7f}", "\"\\/", "a\tb\u{8}\u{c}", "\u{2028}\u{2029}", "é😀\u{10FFFF}",
            String(repeating: "x", count: 100_000), String(repeating: "\"", count: 10_000), "1234567\"", "12345678\n",
        ]
    )
    func anyText(_ text: String) throws {
        logger([text: .string(text)]).info(
            "\(text)",
            metadata: ["k": .dictionary([text: .string(text)])],
            source: text,
            function: text
        )
        let line = try onlyLine()
        func unquoted(_ value: String?) -> String? {
            value.map { value in
                let arena = ByteArena()
                Array(value.utf8.dropFirst().dropLast()).withByteView { arena.appendUnescaped($0) }
                return arena.string
            }
        }
        for key in ["message", "module", "function", text] { #expect(unquoted(line[key]) == text) }
    }

    @Test("An error becomes an exception with its type and message, behind the metadata")
    func exception() throws {
        logger(["a": "b"]).error("failed", error: PredictionError.modelMissing("v2\n"))
        let line = try onlyLine()
        #expect(line.keys.last == "exception")
        let expected =
            #"{"type":"SluiceLoggingTests.JSONLogHandlerTests.PredictionError","#
            + #""message":"modelMissing(\"v2\\n\")"}"#
        #expect(line["exception"] == expected)
    }

    enum PredictionError: Error { case modelMissing(String) }

    @Test("Metadata nested without end does not exhaust the stack")
    func deepNesting() throws {
        var value: Logger.MetadataValue = "bottom"
        for level in 0..<1000 { value = level % 2 == 0 ? .array([value]) : .dictionary(["k": value]) }
        logger(["deep": value]).info("x")
        let line = try onlyLine()
        #expect(line["deep"]?.contains("nested too deeply") == true)
    }

    @Test("A value whose description logs leaves both lines whole")
    func recursion() throws {
        struct Chatty: CustomStringConvertible, Sendable {
            let logger: Logger
            var description: String {
                logger.info("inner", metadata: ["n": .stringConvertible(1)])
                return "described"
            }
        }
        let inner = logger(["side": "inner"])
        logger(["side": "outer"]).info("outer", metadata: ["v": .stringConvertible(Chatty(logger: inner)), "w": "x"])
        try #require(destination.lines.count == 2)
        let lines = try destination.lines.map(LogLine.init)
        #expect(lines[0]["message"] == "\"inner\"" && lines[0]["n"] == "1" && lines[0]["side"] == "\"inner\"")
        #expect(lines[1]["message"] == "\"outer\"" && lines[1]["v"] == "\"described\"" && lines[1]["w"] == "\"x\"")
    }

    @Test("Level and metadata are values of each logger")
    func valueSemantics() throws {
        var first = logger()
        first.logLevel = .debug
        first[metadataKey: "only-on"] = "first"
        var second = first
        second.logLevel = .error
        second[metadataKey: "only-on"] = "second"
        second[metadataKey: "more"] = "second"
        #expect(first.logLevel == .debug && second.logLevel == .error)
        #expect(first[metadataKey: "only-on"] == "first" && second[metadataKey: "only-on"] == "second")
        first.debug("x")
        second.debug("not logged")
        second.error("y")
        try #require(destination.lines.count == 2)
        let lines = try destination.lines.map(LogLine.init)
        #expect(lines[0]["only-on"] == "\"first\"" && lines[0]["more"] == nil)
        #expect(lines[1]["only-on"] == "\"second\"" && lines[1]["more"] == "\"second\"")
    }

    @Test("The form of logging from before swift-log 1.16 keeps its source")
    @available(*, deprecated)
    func formerForm() throws {
        let handler: any LogHandler = destination.handler()
        handler.log(
            level: .info,
            message: "x",
            metadata: ["k": "v"],
            source: "S",
            file: "A/B.swift",
            function: "f",
            line: 3
        )
        let line = try onlyLine()
        #expect(line["module"] == "\"S\"" && line["line"] == "3" && line["k"] == "\"v\"")
    }
}
