// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The same configuration and the same calls, given to Python's `logging` and to the library.
@Suite("Configuration beside Python")
struct ConfigurationBesidePythonTests {
    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    /// What the reference set-up leaves out: a logger that does not propagate, one without a level, a handler that is
    /// named at two places and so written to twice, one that is named twice at one place, and one without a level.
    private static let intricate = """
        {"version": 1, "disable_existing_loggers": false, "formatters": {"f": {"layout": "json"}},
         "handlers": {
          "console": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "level": "CRITICAL", "formatter": "f"},
          "app": {"class": "logging.FileHandler", "filename": "/var/log/mlops/app.log", "formatter": "f", "mode": "a"},
          "error": {"class": "logging.FileHandler", "filename": "/var/log/mlops/error.log", "formatter": "f",
                    "level": "ERROR", "encoding": "utf-8"},
          "prediction": {"class": "logging.handlers.RotatingFileHandler", "filename": "/var/log/mlops/prediction.log",
                         "maxBytes": 1000, "backupCount": 20, "formatter": "f", "level": "NOTSET"},
          "timed": {"class": "logging.handlers.TimedRotatingFileHandler", "filename": "/var/log/mlops/timed.log",
                    "when": "midnight", "backupCount": 3, "formatter": "f", "level": "WARNING"},
          "null": {"class": "logging.NullHandler"}
         },
         "loggers": {
          "": {"handlers": ["console", "null", "app", "timed"]},
          "mlops": {"level": "NOTSET", "handlers": ["app", "app"]},
          "mlops.prediction": {"level": "DEBUG", "handlers": ["prediction"], "propagate": false},
          "mlops.prediction.batch": {"handlers": ["error"]},
          "uvicorn": {"level": "CRITICAL"}
         }}
        """

    /// Python's line has what is compared; a layout is nothing to it.
    private static let script = """
        import json, logging, logging.config, sys
        config = json.load(open(sys.argv[1]))
        for formatter in config["formatters"].values():
            formatter["format"] = "%(levelname)s %(name)s %(message)s"
        logging.config.dictConfig(config)
        for line in open(sys.argv[2]):
            level, name, message = line.rstrip("\\n").split(" ", 2)
            logging.getLogger(name).log(getattr(logging, level), message)
        """

    private static let levels: [(name: String, level: Logger.Level)] = [
        ("DEBUG", .debug), ("INFO", .info), ("WARNING", .warning), ("ERROR", .error), ("CRITICAL", .critical),
    ]
    private static let loggers = [
        "app", "mlops", "mlops.prediction", "mlops.prediction.batch", "mlops.error", "mlops.errors", "uvicorn.access",
    ]

    /// Each logger at each level, twice, in a mixed order.
    private static let calls = (0..<70).map { number in
        let level = (3 * number + number / 7) % 5
        return (logger: loggers[number % 7], level: levels[level], message: "message \(number)")
    }

    /// Python's line for one event and each format, written with its own formatter.
    private static let formatting = """
        import json, logging, sys
        for case in json.load(open(sys.argv[1])):
            record = logging.makeLogRecord({
                "name": "mlops.prediction", "levelname": case["level"], "msg": case["message"],
                "created": 1795318320.123456, "msecs": 123.456})
            print(logging.Formatter(case["format"], case["datefmt"]).format(record))
        """

    @Test("A format string makes the line that Python makes of it")
    func formats() throws {
        if unsafe system("python3 -c 'import logging' 2>/dev/null >/dev/null") != 0 {
            try Test.cancel("there is no python3 here to compare with")
        }
        let formats = [
            "%(asctime)s [%(levelname)s] %(name)s: %(message)s", "%(asctime)s|%(message)s",
            "%(levelname)-8s|%(name)20s|",
            "%(levelname)3s|%(name).5s|%(name)8.5s|%(name)-8.5s|", "100 %% %(message)s", "%(msecs)03d %(message)s",
            "%(asctime)30s|%(asctime)-30s|", "%(message)12s|%(message)-12s|%(message).3s",
        ]
        let dates: [String?] = [nil, "%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%a, %d %b %Y %j %%"]
        var cases: [String] = []
        var expected: [String] = []
        for format in formats {
            for date in dates {
                for (level, name) in [(Logger.Level.info, "INFO"), (.critical, "CRITICAL")] {
                    let message = "gr\u{fc}n \u{20ac}"
                    let quoted = date.map { "\"\($0)\"" } ?? "null"
                    cases.append(
                        #"{"format": "\#(format)", "datefmt": \#(quoted), "level": "\#(name)", "message": "\#(message)"}"#
                    )
                    let memory = MemoryDestination()
                    let layout = try PatternLayout(format, dateFormat: date)
                    ContextLogger("mlops.prediction", engine: memory.engine(layout: layout))
                        .log(level: level, "\(message)")
                    expected += memory.lines
                }
            }
        }
        let directory = try TemporaryDirectory()
        try TemporaryDirectory.write("[\(cases.joined(separator: ","))]", to: directory.path + "/cases.json")
        try TemporaryDirectory.write(Self.formatting, to: directory.path + "/format.py")
        let command = "cd '\(directory.path)' && PYTHONIOENCODING=utf-8 python3 -X utf8 format.py cases.json > lines"
        try #require(unsafe system(command) == 0)
        let lines = try #require(TemporaryDirectory.read(directory.path + "/lines"))
        #expect(lines.split(separator: "\n").map { $0 + "\n" } == expected.map { $0[...] })
    }

    /// What is compared, of the library's lines.
    private static func extract(_ text: String) throws -> [String] {
        try text.split(separator: "\n").filter { $0.hasPrefix("{") }.map { line in
            let line = try LogLine(line + "\n")
            return ["level", "logger", "message"].map { (line[$0] ?? "").filter { $0 != "\"" } }.joined(separator: " ")
        }
    }

    @Test(
        "The reference set-up behaves line by line as Python's, and so does an intricate one",
        arguments: [true, false]
    )
    func comparison(isReference: Bool) async throws {
        if unsafe system("python3 -c 'import logging.config' 2>/dev/null >/dev/null") != 0 {
            try Test.cancel("there is no python3 here to compare with")
        }
        let example = try #require(TemporaryDirectory.read(Self.root + "/Examples/logging.json"))
        let template = isReference ? example : Self.intricate
        let directory = try TemporaryDirectory()
        let (python, swift) = (directory.path + "/python", directory.path + "/swift")
        for path in [python, swift] {
            try #require(unsafe mkdir(path, 0o755) == 0)
            try TemporaryDirectory.write(template.replacing("/var/log/mlops", with: path), to: path + "/logging.json")
        }
        let calls = Self.calls.map { "\($0.level.name) \($0.logger) \($0.message)\n" }.joined()
        try TemporaryDirectory.write(calls, to: directory.path + "/calls")
        try TemporaryDirectory.write(Self.script, to: directory.path + "/script.py")
        let command = "cd '\(directory.path)' && python3 script.py python/logging.json calls > python.out"
        try #require(unsafe system(command) == 0)

        // In a process of its own, whose standard output can be read.
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [path = swift + "/logging.json" as String] in
            let engine = LogEngine(try LogConfiguration(contentsOfFile: path))
            for call in Self.calls {
                ContextLogger(call.logger, engine: engine).log(level: call.level.level, "\(call.message)")
            }
            engine.close()
        }

        let output = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
        let console = try #require(TemporaryDirectory.read(directory.path + "/python.out"))
        #expect(try Self.extract(output) == console.split(separator: "\n").map { String($0) })
        #expect(!console.isEmpty)
        for name in ["app", "error", "prediction"] + (isReference ? [] : ["timed"]) {
            let expected = Self.whole(python, name)
            #expect(!expected.isEmpty)
            #expect(try Self.extract(Self.whole(swift, name)) == expected.split(separator: "\n").map { String($0) })
        }
    }

    /// A log with its predecessors, the oldest first.
    private static func whole(_ directory: String, _ name: String) -> String {
        (0...20).reversed().compactMap { number in
            TemporaryDirectory.read("\(directory)/\(name).log" + (number == 0 ? "" : ".\(number)"))
        }.joined()
    }
}
