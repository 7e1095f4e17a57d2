// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging
import Synchronization
import TestSupport
import Testing

@Suite("Typed door")
struct ContextLoggerTests {
    private let destination = MemoryDestination()

    @Test("A line has its keys in the documented order, fields in theirs, and nothing else")
    func wholeLine() {
        let log = ContextLogger("mlops.prediction", engine: destination.engine())
        log.setContext(["request_id": "9f0c", "attempt": 2])
        log.info("prediction served", file: "Service/Model.swift", function: "predict()", line: 7) {
            $0["user_id"] = 42
            $0["execution_time"] = 0.013
        }
        let expected =
            #"{"timestamp":"2026-11-22T03:32:00.123456Z","level":"INFO","logger":"mlops.prediction","#
            + #""message":"prediction served","module":"Service","function":"predict()","line":7,"#
            + #""request_id":"9f0c","attempt":2,"user_id":42,"execution_time":0.013}"# + "\n"
        #expect(destination.lines == [expected])
    }

    @Test("Where it was logged is known by itself")
    func callSite() throws {
        ContextLogger("x", engine: destination.engine()).info("m")
        let line = try destination.onlyLine()
        #expect(line["module"] == "\"SluiceLoggingTests\"" && line["function"] == "\"callSite()\"")
        #expect(line["line"] == "\(#line - 3)")
    }

    private enum Plan: String, LogValue { case free }
    private struct Point: LogValue {
        func write(to writer: inout LogValueWriter) { writer.write(object: ["x": 1, "y": [2, 3]]) }
    }
    private struct Nothing: LogValue {
        func write(to writer: inout LogValueWriter) {}
    }
    private struct Twice: LogValue {
        func write(to writer: inout LogValueWriter) {
            writer.write(1)
            writer.write(2)
        }
    }
    private struct Described: CustomStringConvertible { let description = "a \"description\"" }

    @Test("Values keep their types")
    func types() throws {
        let name = "dynamic" + "\"key\""
        let missing: Int? = nil
        ContextLogger("x", engine: destination.engine()).info("m") {
            $0["int"] = -7
            $0["int8"] = Int8.min
            $0["uint64"] = UInt64.max
            $0["double"] = 0.5
            $0["float"] = Float(0.1)
            $0["infinite"] = Double.infinity
            $0["yes"] = true
            $0["text"] = "a\"b\n"
            $0["part"] = "text".dropFirst()
            $0["time"] = LogTime(nanosecondsSince1970: 1_795_318_320_123_456_789)
            $0["duration"] = Duration.milliseconds(1500)
            $0["short"] = Duration.nanoseconds(10_595)
            $0["array"] = [1, 2]
            $0["nested"] = ["b": [true], "a": []]
            $0["mixed"] = LogMetadata(["b": 1, "a": LogMetadata(["level": "kept"])])
            $0["metadata"] = Logger.MetadataValue.array(["x", .stringConvertible(1)])
            $0["plan"] = Plan.free
            $0["point"] = Point()
            $0["nothing"] = Nothing()
            $0["twice"] = Twice()
            $0["described"] = Described()
            $0["missing"] = missing
            $0[name] = 1
            $0[""] = 2
        }
        let expected = [
            "int": "-7", "int8": "-128", "uint64": "18446744073709551615", "double": "0.5", "float": "0.1",
            "infinite": "null", "yes": "true", "text": #""a\"b\n""#, "part": "\"ext\"",
            "time": "\"2026-11-22T03:32:00.123456Z\"", "duration": "1.5", "short": "1.0595e-05", "array": "[1,2]",
            "nested": #"{"a":[],"b":[true]}"#, "mixed": #"{"b":1,"a":{"level":"kept"}}"#, "metadata": #"["x",1]"#,
            "plan": "\"free\"", "point": #"{"x":1,"y":[2,3]}"#, "nothing": "null", "twice": "1",
            "described": #""a \"description\"""#, name: "1", "": "2",
        ]
        let line = try destination.onlyLine()
        for (key, value) in expected { #expect(line[key] == value, "\(key)") }
        #expect(line["missing"] == nil && line.keys.count == 7 + expected.count)
    }

    @Test("Of two fields of one key the later counts, wherever they come from")
    func noKeyTwice() throws {
        let log = ContextLogger("x", engine: destination.engine())
        log.setContext(["a": "logger", "b": "logger", "c": "logger", "level": "logger"])
        withLogContext(["b": "task", "c": "task", "d": "task"]) {
            log.info("m") {
                $0["e"] = 1
                $0["c"] = "call"
                $0["e"] = 2
                $0["level"] = "call"
                $0["level_"] = "call too"
                $0["f"] = 3
            }
        }
        let line = try destination.onlyLine()
        #expect(Array(line.keys.dropFirst(7)) == ["a", "b", "d", "c", "e", "level_", "level__", "f"])
        let values = line.members.dropFirst(7).map(\.value)
        let expected = ["\"logger\"", "\"task\"", "\"task\"", "\"call\"", "2", "\"call\"", "\"call too\"", "3"]
        #expect(values == expected)
    }

    @Test("Any row of fields leaves each key once, with its last value", arguments: 0..<50 as Range<UInt64>)
    func anyFields(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let log = ContextLogger("x", engine: destination.engine())
        var expected: [String: String] = [:]
        var context = LogMetadata()
        for _ in 0..<Int.random(in: 0..<40, using: &random) {
            let key = "context_or_call_\(Int.random(in: 0..<40, using: &random))"
            context[key] = 1
            expected[key] = "1"
        }
        log.setContext(context)
        var calls: [(String, Int)] = []
        for number in 0..<Int.random(in: 0..<80, using: &random) {
            calls.append(("context_or_call_\(Int.random(in: 0..<60, using: &random))", number + 10))
        }
        log.info("m") { fields in for (key, value) in calls { fields[key] = value } }
        for (key, value) in calls { expected[key] = "\(value)" }
        let line = try destination.onlyLine()
        let found = Dictionary(line.members.dropFirst(7).map { ($0.key, $0.value) }) { first, _ in first + " twice" }
        #expect(found == expected, "seed \(seed)")
    }

    @Test("A context is added to, cleared, and inherited by children, each on its own")
    func contexts() throws {
        let log = ContextLogger("x", engine: destination.engine())
        log.setContext(["a": 1])
        log.setContext(["b": 2])
        let child = log.with(["a": 10, "c": 3])
        log.clearContext()
        log.info("parent")
        child.info("child")
        child.clearContext()
        child.info("cleared")
        let lines = try destination.lines.map(LogLine.init).map {
            $0.members.dropFirst(7).map { "\($0.key)=\($0.value)" }
        }
        #expect(lines == [[], ["a=10", "b=2", "c=3"], []])
        #expect(log.metadata.isEmpty && child.name == "x")
    }

    @Test("Neither message nor error nor fields are evaluated where the level is not logged")
    func disabled() {
        let log = ContextLogger("x", engine: destination.engine(level: .warning))
        var evaluated = 0
        func touch<T>(_ value: T) -> T {
            evaluated += 1
            return value
        }
        struct Failure: Error {}
        log.info(touch("m"), error: touch(Failure())) { _ in evaluated += 1 }
        log.log(level: .notice, touch("m"))
        #expect(evaluated == 0 && destination.lines.isEmpty && !log.isEnabled(.notice))
        log.warning(touch("m"), error: touch(Failure())) { _ in evaluated += 1 }
        #expect(evaluated == 3 && destination.lines.count == 1)
    }

    @Test("Each level's functions log at that level")
    func levels() {
        let log = ContextLogger("x", engine: destination.engine())
        log.trace("m")
        log.debug("m")
        log.info("m")
        log.notice("m")
        log.warning("m")
        log.error("m")
        log.critical("m")
        log.trace("m") { $0["a"] = 1 }
        log.debug("m") { $0["a"] = 1 }
        log.info("m") { $0["a"] = 1 }
        log.notice("m") { $0["a"] = 1 }
        log.warning("m") { $0["a"] = 1 }
        log.error("m") { $0["a"] = 1 }
        log.critical("m") { $0["a"] = 1 }
        #expect(destination.levels == Logger.Level.allCases + Logger.Level.allCases)
        #expect(destination.lines.filter { $0.hasSuffix(",\"a\":1}\n") }.count == 7)
    }

    @Test("A value whose description logs leaves both lines whole")
    func recursion() throws {
        struct Chatty: LogValue {
            let log: ContextLogger
            func write(to writer: inout LogValueWriter) {
                log.info("inner") { $0["n"] = 1 }
                writer.write("described")
            }
        }
        let log = ContextLogger("x", engine: destination.engine())
        log.info("outer") {
            $0["a"] = 1
            $0["v"] = Chatty(log: log)
            $0["b"] = 2
        }
        let lines = try destination.lines.map(LogLine.init)
        try #require(lines.count == 2)
        #expect(lines[0]["message"] == "\"inner\"" && lines[0]["n"] == "1" && lines[0]["a"] == nil)
        #expect(lines[1]["a"] == "1" && lines[1]["v"] == "\"described\"" && lines[1]["b"] == "2")
    }
}
