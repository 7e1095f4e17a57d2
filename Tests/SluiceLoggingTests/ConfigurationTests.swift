// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging
import Testing

@Suite("Configuration in dictConfig's schema")
struct ConfigurationTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func file(_ members: String, class name: String = "rotating_file") throws -> LogOutput {
        let handler = #"{"class": "\#(name)", "filename": "\#(directory.path)/app.log"\#(members)}"#
        let json = #"{"version": 1, "handlers": {"f": \#(handler)}, "root": {"handlers": ["f"]}}"#
        return try #require(try LogConfiguration(json: json).root.outputs.first)
    }

    @Test(
        "What a rotating file may say",
        arguments: [
            ("", RotationPolicy(), RetentionPolicy(), SyncPolicy.never),
            (
                #", "maxBytes": 1000, "backupCount": 3, "encoding": "UTF-8", "mode": "a""#,
                RotationPolicy(maximumBytes: 1000), RetentionPolicy(maximumCount: 3), .never
            ),
            (
                #", "when": "hourly", "naming": "dated", "timeZone": "local", "backupCount": null"#,
                RotationPolicy(schedule: .hourly, timeZone: .local, naming: .dated), .unlimited, .never
            ),
            (
                #", "when": "daily", "atTime": "04:30", "maxAgeDays": 1.5, "maxTotalBytes": 5, "sync": "everyLine""#,
                RotationPolicy(schedule: .daily(hour: 4, minute: 30)),
                RetentionPolicy(maximumAge: .seconds(129_600), maximumTotalBytes: 5), .everyLine
            ),
            (
                #", "compress": false, "sync": {"interval": 2}"#, RotationPolicy(), RetentionPolicy(),
                .interval(.seconds(2))
            ),
            (#", "sync": {"level": "error"}"#, RotationPolicy(), RetentionPolicy(), .level(.error)),
        ]
    )
    func files(_ members: String, rotation: RotationPolicy, retention: RetentionPolicy, sync: SyncPolicy) throws {
        let file = try #require(try file(members).destination as? RotatingFile)
        #expect(file.path == directory.path + "/app.log")
        #expect(file.rotation == rotation)
        #expect(file.retention == retention)
        #expect(file.sync == sync)
        #expect(file.compression == nil)
    }

    @Test("A plain file and Python's handlers never rotate by themselves")
    func plainFiles() throws {
        for name in ["file", "logging.FileHandler", "logging.handlers.RotatingFileHandler"] {
            let file = try #require(try file("", class: name).destination as? RotatingFile)
            #expect(file.rotation == .never)
        }
    }

    #if Gzip
    @Test("Old files are compressed")
    func compression() throws {
        #expect((try file(#", "compress": true"#).destination as? RotatingFile)?.compression == CompressionPolicy())
        let output = try file(#", "compress": {"level": 9, "delay": 0}"#)
        #expect((output.destination as? RotatingFile)?.compression == CompressionPolicy(level: 9, delay: 0))
    }
    #endif

    @Test("Writing modes")
    func modes() throws {
        #expect(try file(#", "mode": "immediate""#).destination is RotatingFile)
        #expect(try file(#", "mode": {"type": "immediate"}"#).destination is RotatingFile)
        #expect(try file(#", "mode": "buffered""#).destination is BufferedDestination)
        let buffered = #", "mode": {"type": "buffered", "maxBytes": 10, "interval": 0.5, "flushLevel": null}"#
        #expect(
            (try file(buffered).destination as? BufferedDestination)?.policy
                == BufferPolicy(maximumBytes: 10, interval: .seconds(0.5), flushLevel: nil)
        )
        let levelled = #", "mode": {"type": "buffered", "flushLevel": "WARNING"}"#
        #expect(
            (try file(levelled).destination as? BufferedDestination)?.policy == BufferPolicy(flushLevel: .warning)
        )
        let background = #"{"type": "background", "maxBytes": 9, "overflow": "dropBelow", "dropLevel": "INFO"}"#
        #expect(
            (try file(#", "mode": \#(background)"#).destination as? BackgroundDestination)?.policy
                == QueuePolicy(maximumBytes: 9, overflow: .dropBelow(.info))
        )
    }

    @Test(
        "Levels have Python's names, and two more",
        arguments: [
            ("TRACE", Logger.Level.trace), ("debug", .debug), ("Info", .info), ("notice", .notice), ("WARN", .warning),
            ("WARNING", .warning), ("error", .error), ("CRITICAL", .critical), ("FATAL", .critical), ("NOTSET", .trace),
        ]
    )
    func levels(_ name: String, level: Logger.Level) throws {
        let json = """
            {"version": 1, "handlers": {"c": {"class": "console", "level": "\(name)"}},
             "root": {"level": "\(name)", "handlers": ["c"]}}
            """
        let configuration = try LogConfiguration(json: json)
        #expect(configuration.root.level == level)
        #expect(configuration.root.outputs.first?.level == level)
    }

    @Test("Rules by name, handlers that are shared, layouts, streams")
    func rules() throws {
        let configuration = try LogConfiguration(
            json: """
                {"version": 1, "disable_existing_loggers": false,
                 "formatters": {
                    "own": {"layout": "json", "keys": {"timestamp": "time", "line": null}},
                    "people": {"layout": "text", "color": "never"}, "cloud": {"layout": "gcp"}, "plain": {}
                 },
                 "handlers": {
                    "out": {"class": "console", "formatter": "own"},
                    "error": {"class": "console", "stream": "stderr", "formatter": "people"},
                    "python": {"class": "logging.StreamHandler", "formatter": "cloud"},
                    "python_out": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout"},
                    "file": {"class": "file", "filename": "\(directory.path)/a/b.log", "formatter": "plain"}
                 },
                 "loggers": {
                    "mlops": {"handlers": ["file", "out", "file"], "propagate": false},
                    "mlops.prediction": {"level": "NOTSET", "handlers": ["file"]},
                    "": {"handlers": ["error", "python", "python_out"]}
                 }}
                """
        )
        #expect(configuration.root.level == .warning)
        let root = configuration.root.outputs
        #expect(root.map { $0.destination === ConsoleDestination.standardError } == [true, true, false])
        #expect(root[2].destination === ConsoleDestination.standardOutput)
        #expect(root[0].layout as? TextLayout == TextLayout(color: .never))
        #expect(root[1].layout is GoogleCloudLayout)
        let mlops = try #require(configuration.loggers["mlops"])
        #expect(mlops.level == nil && !mlops.propagates && mlops.outputs.count == 2)
        var keys = JSONLayout.Keys()
        keys.timestamp = "time"
        keys.line = nil
        #expect(mlops.outputs[1].layout as? JSONLayout == JSONLayout(keys: keys))
        let prediction = try #require(configuration.loggers["mlops.prediction"])
        #expect(prediction.level == nil && prediction.propagates)
        #expect(prediction.outputs[0].destination === mlops.outputs[0].destination)
    }

    @Test("A file is loaded again: levels change, what is open stays open, what is wrong changes nothing")
    func reload() throws {
        func write(_ level: String, _ more: String = "") throws {
            let json = """
                {"version": 1, "handlers": {"f": {"class": "file", "filename": "\(directory.path)/app.log"}\(more)},
                 "root": {"level": "\(level)", "handlers": ["f"]}}
                """
            try TemporaryDirectory.write(json, to: directory.path + "/logging.json")
        }
        try write("ERROR")
        let path = directory.path + "/logging.json"
        let engine = LogEngine(try LogConfiguration(contentsOfFile: path))
        let destination = engine.configuration.root.outputs[0].destination
        let log = ContextLogger("x", engine: engine)
        log.info("1")
        try write("INFO")
        try engine.reload(contentsOfFile: path)
        log.info("2")
        #expect(engine.configuration.root.outputs[0].destination === destination)
        try write("TRACE", #", "c": {"class": "consol"}"#)
        #expect(throws: LogConfigurationError.self) { try engine.reload(contentsOfFile: path) }
        log.debug("3")
        log.info("4")
        let lines = try #require(TemporaryDirectory.read(directory.path + "/app.log")).split(separator: "\n")
        #expect(try lines.map { try LogLine($0 + "\n")["message"] } == ["\"2\"", "\"4\""])
    }

    @Test("A file that is not there")
    func missingFile() {
        #expect {
            try LogConfiguration(contentsOfFile: "/nowhere/logging.json")
        } throws: {
            "\($0)" == "cannot open /nowhere/logging.json: No such file or directory"
        }
    }
}
