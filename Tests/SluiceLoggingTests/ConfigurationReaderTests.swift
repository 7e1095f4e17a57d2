// SPDX-License-Identifier: Apache-2.0

#if Configuration
import Configuration
import Logging
import SluiceLogging
import Testing

@Suite("Configuration through swift-configuration")
struct ConfigurationReaderTests {
    private func environment(_ variables: [String: String]) -> ConfigReader {
        ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: variables)).scoped(to: "logging")
    }

    private func problems(_ variables: [String: String]) -> String {
        do throws(LogConfigurationError) {
            _ = try LogConfiguration(reader: environment(variables))
            return ""
        } catch {
            return error.description
        }
    }

    @Test("Environment variables say all that a file can say")
    func environmentVariables() throws {
        let directory = try TemporaryDirectory()
        let configuration = try LogConfiguration(
            reader: environment([
                "LOGGING_ROOT_LEVEL": "debug",
                "LOGGING_ROOT_HANDLERS": "console,app_file",
                "LOGGING_HANDLERS_CONSOLE_CLASS": "console",
                "LOGGING_HANDLERS_CONSOLE_STREAM": "stderr",
                "LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
                "LOGGING_HANDLERS_CONSOLE_FORMATTER": "own",
                "LOGGING_HANDLERS_APP_FILE_CLASS": "rotating_file",
                "LOGGING_HANDLERS_APP_FILE_FILENAME": directory.path + "/app.log",
                "LOGGING_HANDLERS_APP_FILE_MAX_BYTES": "1000",
                "LOGGING_HANDLERS_APP_FILE_BACKUP_COUNT": "",
                "LOGGING_HANDLERS_APP_FILE_MAX_AGE_DAYS": "0.5",
                "LOGGING_HANDLERS_APP_FILE_WHEN": "daily",
                "LOGGING_HANDLERS_APP_FILE_AT_TIME": "04:30",
                "LOGGING_HANDLERS_APP_FILE_COMPRESS": "false",
                "LOGGING_HANDLERS_APP_FILE_SYNC_INTERVAL": "2",
                "LOGGING_HANDLERS_APP_FILE_MODE": "background",
                "LOGGING_HANDLERS_APP_FILE_MODE_OVERFLOW": "dropOldest",
                "LOGGING_HANDLERS_APP_FILE_MODE_MAX_LINES": "7",
                "LOGGING_FORMATTERS_OWN_KEYS_TIMESTAMP": "time",
                "LOGGING_FORMATTERS_OWN_KEYS_LINE": "",
                "LOGGING_LOGGER_NAMES": "mlops.prediction, mlops",
                "LOGGING_LOGGERS_MLOPS_PREDICTION_LEVEL": "trace",
                "LOGGING_LOGGERS_MLOPS_PREDICTION_HANDLERS": "prediction",
                "LOGGING_LOGGERS_MLOPS_PREDICTION_PROPAGATE": "no",
                "LOGGING_HANDLERS_PREDICTION_CLASS": "file",
                "LOGGING_HANDLERS_PREDICTION_FILENAME": directory.path + "/prediction.log",
                "LOGGING_HANDLERS_PREDICTION_SYNC": "everyLine",
            ])
        )
        #expect(configuration.root.level == .debug)
        let outputs = configuration.root.outputs
        try #require(outputs.count == 2)
        #expect(outputs[0].destination === ConsoleDestination.standardError)
        #expect(outputs[0].level == .warning)
        var keys = JSONLayout.Keys()
        keys.timestamp = "time"
        keys.line = nil
        #expect(outputs[0].layout as? JSONLayout == JSONLayout(keys: keys))
        let background = try #require(outputs[1].destination as? BackgroundDestination)
        #expect(background.policy == QueuePolicy(maximumLines: 7, overflow: .dropOldest))
        #expect(configuration.loggers["mlops"]?.level == nil)
        let prediction = try #require(configuration.loggers["mlops.prediction"])
        #expect(prediction.level == .trace && !prediction.propagates)
        let file = try #require(prediction.outputs.first?.destination as? RotatingFile)
        #expect(file.path == directory.path + "/prediction.log" && file.sync == .everyLine)
    }

    @Test("A rotating file's options arrive with their types")
    func types() throws {
        let directory = try TemporaryDirectory()
        let configuration = try LogConfiguration(
            reader: environment([
                "LOGGING_ROOT_HANDLERS": "f",
                "LOGGING_HANDLERS_F_CLASS": "rotating_file",
                "LOGGING_HANDLERS_F_FILENAME": directory.path + "/app.log",
                "LOGGING_HANDLERS_F_MAX_BYTES": "1000",
                "LOGGING_HANDLERS_F_BACKUP_COUNT": "",
                "LOGGING_HANDLERS_F_MAX_AGE_DAYS": "0.5",
                "LOGGING_HANDLERS_F_WHEN": "daily",
                "LOGGING_HANDLERS_F_AT_TIME": "04:30",
                "LOGGING_HANDLERS_F_SYNC_INTERVAL": "2",
            ])
        )
        let file = try #require(configuration.root.outputs.first?.destination as? RotatingFile)
        #expect(file.rotation == RotationPolicy(maximumBytes: 1000, schedule: .daily(hour: 4, minute: 30)))
        #expect(file.retention == RetentionPolicy(maximumCount: nil, maximumAge: .seconds(43_200)))
        #expect(file.sync == .interval(.seconds(2)))
    }

    @Test("With a level and nothing else, or nothing at all, lines go to the standard output")
    func console() throws {
        let configuration = try LogConfiguration(reader: environment(["LOGGING_ROOT_LEVEL": "debug"]))
        #expect(configuration.root.level == .debug)
        #expect(configuration.root.outputs.map { $0.destination === ConsoleDestination.standardOutput } == [true])
        #expect(try LogConfiguration(reader: environment([:])).root.level == .warning)
        let error = try LogConfiguration(reader: environment(["LOGGING_HANDLERS_CONSOLE_STREAM": "stderr"]))
        #expect(error.root.outputs.first?.destination === ConsoleDestination.standardError)
        #expect(try LogConfiguration(reader: environment(["LOGGING_ROOT_HANDLERS": ""])).root.outputs.isEmpty)
    }

    @Test("The first provider that has a key counts, as with environment variables over what is built in")
    func precedence() throws {
        let reader = ConfigReader(providers: [
            EnvironmentVariablesProvider(environmentVariables: ["ROOT_LEVEL": "trace"]),
            InMemoryProvider(values: [
                "root.level": "error", "root.handlers": .init(.stringArray(["c"]), isSecret: false),
                "handlers.c.class": "console", "handlers.c.level": "critical", "version": 1,
            ]),
        ])
        let configuration = try LogConfiguration(reader: reader)
        #expect(configuration.root.level == .trace)
        #expect(configuration.root.outputs.map(\.level) == [.critical])
    }

    @Test(
        "Mistakes name their path",
        arguments: [
            (
                ["LOGGING_ROOT_LEVEL": "LOUD"],
                """
                root.level: there is no level 'LOUD'; it is one of 'TRACE', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', \
                'ERROR', 'CRITICAL'
                """
            ),
            (
                ["LOGGING_ROOT_HANDLERS": "consol", "LOGGING_HANDLERS_CONSOLE_CLASS": "console"],
                "root.handlers[0]: there is no handler 'consol'; there are none"
            ),
            (
                ["LOGGING_ROOT_HANDLERS": "c,d", "LOGGING_HANDLERS_C_CLASS": "console"],
                "root.handlers[1]: there is no handler 'd'; did you mean 'c'?"
            ),
            (
                ["LOGGING_ROOT_HANDLERS": "c", "LOGGING_HANDLERS_C_LEVEL": "INFO"],
                "handlers.c: 'class' is missing; it is one of 'console', 'file', 'rotating_file'"
            ),
            (
                ["LOGGING_HANDLERS_CONSOLE_FORMATTER": "lines"],
                "handlers.console.formatter: there is no formatter 'lines'; there are none"
            ),
            (
                [
                    "LOGGING_ROOT_HANDLERS": "f", "LOGGING_HANDLERS_F_CLASS": "rotating_file",
                    "LOGGING_HANDLERS_F_MAX_BYTES": "ten", "LOGGING_HANDLERS_F_FILENAME": "/nowhere/f.log",
                ],
                "handlers.f.maxBytes: expected a whole number, found the string 'ten'"
            ),
            (
                [
                    "LOGGING_ROOT_HANDLERS": "f", "LOGGING_HANDLERS_F_CLASS": "file",
                    "LOGGING_HANDLERS_F_FILENAME": "/nowhere/f.log", "LOGGING_HANDLERS_F_SYNC": "never",
                    "LOGGING_HANDLERS_F_SYNC_INTERVAL": "1",
                ],
                "handlers.f.sync: expected either a value or keys below it, found both"
            ),
            (
                ["LOGGING_LOGGER_NAMES": "a.b", "LOGGING_LOGGERS_A_B_PROPAGATE": "perhaps"],
                #"loggers["a.b"].propagate: expected true or false, found the string 'perhaps'"#
            ),
            (["LOGGING_VERSION": "2"], "version: expected the number 1, found the number 2"),
        ]
    )
    func mistakes(_ variables: [String: String], expected: String) {
        #expect(problems(variables) == expected)
    }

    @Test("An engine follows its reader; a change with problems changes nothing and is said in the log")
    func follow() async throws {
        let directory = try TemporaryDirectory()
        let provider = MutableInMemoryProvider(initialValues: [
            "log.root.handlers": .init(.stringArray(["f"]), isSecret: false), "log.handlers.f.class": "file",
            "log.handlers.f.filename": .init(.string(directory.path + "/app.log"), isSecret: false),
            "log.root.level": "error",
        ])
        let engine = LogEngine(LogConfiguration(level: .critical, outputs: []))
        let reader = ConfigReader(provider: provider).scoped(to: "log")
        let following = Task { try await engine.follow(reader) }
        func wait(for level: Logger.Level) async throws {
            while engine.level(of: "x") != level { try await Task.sleep(for: .milliseconds(1)) }
        }
        try await wait(for: .error)
        let destination = engine.configuration.root.outputs.first?.destination
        provider.setValue("debug", forKey: ["log", "root", "level"])
        try await wait(for: .debug)
        #expect(engine.configuration.root.outputs.first?.destination === destination)
        provider.setValue("lowd", forKey: ["log", "root", "level"])
        let path = directory.path + "/app.log"
        while (TemporaryDirectory.read(path) ?? "").isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        #expect(engine.level(of: "x") == .debug)
        let line = try LogLine(try #require(TemporaryDirectory.read(path)))
        #expect(line["level"] == "\"ERROR\"" && line["logger"] == "\"sluice.logging\"")
        #expect(line["problems"]?.contains("root.level: there is no level 'lowd'") == true)
        provider.setValue("info", forKey: ["log", "root", "level"])
        try await wait(for: .info)
        following.cancel()
        _ = await following.result
    }
}
#endif
