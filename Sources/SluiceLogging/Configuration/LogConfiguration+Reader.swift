// SPDX-License-Identifier: Apache-2.0

#if Configuration
public import Configuration

extension LogConfiguration {
    /// Reads a configuration from a reader of swift-configuration, in the schema of ``init(json:)-(String)``, and opens
    /// its files.
    ///
    /// ```swift
    /// let reader = ConfigReader(providers: [
    ///     EnvironmentVariablesProvider(),
    ///     try await FileProvider<JSONSnapshot>(filePath: "/etc/mlops/settings.json"),
    /// ])
    /// LogEngine.shared.configure(try LogConfiguration(reader: reader.scoped(to: "logging")))
    /// ```
    ///
    /// ```sh
    /// LOGGING_ROOT_LEVEL=debug
    /// LOGGING_ROOT_HANDLERS=console,app_file
    /// LOGGING_HANDLERS_CONSOLE_CLASS=console
    /// LOGGING_HANDLERS_APP_FILE_CLASS=rotating_file
    /// LOGGING_HANDLERS_APP_FILE_FILENAME=/var/log/mlops/app.log
    /// LOGGING_HANDLERS_APP_FILE_MAX_BYTES=10485760
    /// LOGGING_HANDLERS_APP_FILE_MODE=background
    /// LOGGING_HANDLERS_APP_FILE_MODE_OVERFLOW=dropOldest
    /// LOGGING_LOGGER_NAMES=mlops.prediction
    /// LOGGING_LOGGERS_MLOPS_PREDICTION_LEVEL=trace
    /// ```
    ///
    /// A reader cannot say which keys it has, so what has a name of its own is found by being named: handlers in
    /// `root.handlers` and `loggers.NAME.handlers`, formatters in `handlers.NAME.formatter`, loggers in `loggerNames`.
    /// A key that is misspelt is therefore not noticed, but a name that nothing is said of is.
    ///
    /// - If no handlers are named anywhere, the root has one called `console`, which writes to the standard output.
    /// - `version` may be left out.
    /// - What has options below it can be given both ways at once: `mode` and `mode.overflow`, `compress` and
    ///   `compress.level`.
    /// - An empty text stands for null: no limit for `backupCount`, a key of the layout that is left out.
    ///
    /// Needs the trait `Configuration`.
    ///
    /// - Parameter reader: is asked for values that it has at once; all of them are of one instant.
    /// - Throws: all problems, each with its path below the reader's scope. No file is made unless all is right.
    public init(reader: ConfigReader) throws(LogConfigurationError) {
        let problems = ConfigurationProblems()
        let value = ConfigurationKeys(reader: reader.snapshot(), problems: problems).value()
        self = try ConfigurationPlan(value, problems).configuration()
    }
}
#endif
