// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

extension LogConfiguration {
    /// Reads a configuration in the schema of Python's `logging.config.dictConfig`, written in JSON, and opens its
    /// files.
    ///
    /// ```json
    /// {
    ///   "version": 1,
    ///   "formatters": {"lines": {"layout": "json", "keys": {"timestamp": "time", "line": null}}},
    ///   "handlers": {
    ///     "console": {"class": "console", "stream": "stderr", "level": "WARNING"},
    ///     "app_file": {
    ///       "class": "rotating_file", "filename": "/var/log/mlops/app.log", "formatter": "lines",
    ///       "maxBytes": 10485760, "backupCount": 10, "mode": {"type": "background", "overflow": "dropOldest"}
    ///     }
    ///   },
    ///   "loggers": {"mlops.prediction": {"level": "DEBUG", "handlers": ["app_file"], "propagate": false}},
    ///   "root": {"level": "INFO", "handlers": ["console", "app_file"]}
    /// }
    /// ```
    ///
    /// - **Levels** are `TRACE`, `DEBUG`, `INFO`, `NOTICE`, `WARNING`, `ERROR` and `CRITICAL`, in upper or lower case. The
    ///   root's is `WARNING` if none is given, as in Python. `NOTSET` is that of the logger above; of the root and of a
    ///   handler it lets everything through.
    /// - **Formatters** have a `layout` (`json`, `ecs`, `gcp`, `text`); `json` has `keys` (names of one's own, or null to
    ///   leave one out), `text` has a `color` (`automatic`, `always`, `never`) and a `time` (`utc`, `local`). Or they have
    ///   what Python's have, a `format` and a `datefmt`: see ``PatternLayout``; `time` is `local` then. A handler without
    ///   formatter writes `json`.
    /// - **Handlers** have a `class`, a `formatter`, a `level`, and a `mode`: `immediate`, `buffered`, `background`, or an
    ///   object with that as its `type` and `maxBytes`, `interval` (seconds), `flushLevel`; or `maxBytes`, `maxLines`,
    ///   `overflow` (`block`, `dropOldest`, `dropNewest`, `dropBelow`), `dropLevel`.
    ///   - `console`: `stream` is `stdout` (the default) or `stderr`.
    ///   - `file`: `filename`, and `sync` (`never`, `everyLine`, `{"interval": seconds}`, `{"level": "ERROR"}`).
    ///   - `rotating_file`: these, and `maxBytes` (10 MiB; 0 for no limit), `backupCount` (10; null for no limit), `when`
    ///     (`hourly`, `daily`), `atTime` (`04:30`), `timeZone` (`utc`, `local`), `naming` (`numbered`, `dated`),
    ///     `maxAgeDays`, `maxTotalBytes`, `compress` (true, false, or `{"level": 6, "delay": 1}`).
    ///   - Python's `logging.StreamHandler` (`stderr` by default), `logging.FileHandler`,
    ///     `logging.handlers.RotatingFileHandler` (which never rotates by default), `logging.NullHandler` and
    ///     `logging.handlers.TimedRotatingFileHandler` are understood, too. The last has `when` (`S`, `M`, `H`, `D`,
    ///     `midnight`; not `W0` to `W6`), `interval`, `backupCount` (0, the default, keeps all), `utc` and `atTime`; its
    ///     files change at whole hours and days of the clock, where Python counts from the process's start.
    /// - **`redaction`, `limits`, `sampling` and `repeats`**, beside `root`, are ``LogRedaction`` (`keys`, `commonKeys`: true
    ///   for ``LogRedaction/commonKeys``, `patterns`: `creditCardNumbers`, `bearerTokens`, `emailAddresses`, `replacement`,
    ///   `showsSensitiveValues`), ``LogLimits`` (`valueBytes`, `lineBytes`), ``LogSampling`` (`first`, `thereafter`,
    ///   `interval` in seconds, `exemptLevel` or null) and ``LogRepeats`` (`interval`). Null turns `sampling` and `repeats`
    ///   off.
    /// - A handler is made once, and shared by the loggers that name it. Files of handlers that none names are made, too.
    ///
    /// - Parameter json: the text, in UTF-8.
    /// - Throws: all problems, each with its path in the configuration. No file is made unless the text is right.
    public init(json: String) throws(LogConfigurationError) {
        try self.init(json: Array(json.utf8))
    }

    /// Reads a configuration as ``init(json:)-(String)`` does.
    ///
    /// - Parameter json: the text's UTF-8.
    public init(json: [UInt8]) throws(LogConfigurationError) {
        self = try Self.plan(json: json).configuration()
    }

    static func plan(json: [UInt8]) throws(LogConfigurationError) -> ConfigurationPlan {
        let problems = ConfigurationProblems()
        let value = json.withByteView { ConfigurationJSON(text: $0, problems: problems).value() }
        guard let value else { throw LogConfigurationError(problems: problems.all) }
        return try ConfigurationPlan(value, problems)
    }
}
