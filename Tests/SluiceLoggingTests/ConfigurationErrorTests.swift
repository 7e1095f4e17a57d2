// SPDX-License-Identifier: Apache-2.0

import SluiceLogging
import Testing

@Suite("Mistakes in a configuration")
struct ConfigurationErrorTests {
    private func problems(_ json: String) -> String {
        do throws(LogConfigurationError) {
            _ = try LogConfiguration(json: json)
            return ""
        } catch {
            return error.description
        }
    }

    @Test(
        "A handler's mistakes name their path",
        arguments: [
            (#""maxBytes": "ten""#, ".maxBytes: expected a whole number, found the string 'ten'"),
            (#""maxBytes": 1.5"#, ".maxBytes: expected a whole number, found the number 1.5"),
            (#""maxBytes": -1"#, ".maxBytes: expected a whole number from 0 up, found the number -1"),
            (#""max_byte": 1"#, ".max_byte: unknown key; did you mean 'maxBytes'?"),
            (#""backupCount": true"#, ".backupCount: expected a whole number, found true"),
            (#""level": "WARNNIG""#, ".level: there is no level 'WARNNIG'; did you mean 'WARNING'?"),
            (#""level": 10"#, ".level: expected the name of a level, found the number 10"),
            (#""formatter": "lnies""#, ".formatter: there is no formatter 'lnies'; did you mean 'lines'?"),
            (#""when": "midnight""#, ".when: 'midnight' is not known; it is one of 'hourly', 'daily'"),
            (#""atTime": "4:30""#, ".atTime: expected a time of day such as '04:30', found the string '4:30'"),
            (
                #""when": "hourly", "atTime": "04:30""#,
                #".atTime: a time of day needs "when": "daily""#
            ),
            (#""naming": "date""#, ".naming: 'date' is not known; did you mean 'dated'?"),
            (#""maxAgeDays": -1"#, ".maxAgeDays: expected a number of days, found the number -1"),
            (#""encoding": "latin-1""#, ".encoding: files are written in UTF-8 only"),
            (#""sync": 1"#, ".sync: expected 'never', 'everyLine' or an object, found the number 1"),
            (#""sync": {}"#, ".sync: expected 'interval' or 'level', found neither"),
            (#""sync": {"level": "x", "interval": 1}"#, ".sync: expected either 'interval' or 'level', found both"),
            (#""mode": "w""#, ".mode: 'w' is not known; it is one of 'immediate', 'buffered', 'background'"),
            (#""mode": {}"#, ".mode: 'type' is missing; it is one of 'immediate', 'buffered', 'background'"),
            (
                #""mode": {"type": "buffered", "interval": "1s"}"#,
                ".mode.interval: expected a number of seconds, found the string '1s'"
            ),
            (
                #""mode": {"type": "background", "dropLevel": "INFO"}"#,
                #".mode.dropLevel: a level to drop below needs "overflow": "dropBelow""#
            ),
            (
                #""mode": {"type": "background", "maxLines": 0}"#,
                ".mode.maxLines: expected a whole number from 1 up, found the number 0"
            ),
            (#""maxBytes": 1, "maxBytes": 2"#, ".maxBytes: the key is there twice (line 2, column 88)"),
        ]
    )
    func handlers(_ members: String, expected: String) {
        let json = """
            {"version": 1, "formatters": {"lines": {}}, "handlers":
            {"app_file": {"class": "rotating_file", "filename": "/nowhere/app.log", \(members)}}}
            """
        #expect(problems(json) == "handlers.app_file" + expected)
    }

    @Test(
        "Other mistakes, too",
        arguments: [
            ("", "line 1, column 1: not JSON: the text ends inside a value"),
            (
                "{\n  \"version\": 1,\n}",
                "line 3, column 1: not JSON: a key in double quotes was expected"
            ),
            ("[]", "expected an object, found an array"),
            ("{}", "'version' is missing; it is 1"),
            (#"{"version": 2}"#, "version: expected the number 1, found the number 2"),
            (#"{"version": 1, "handler": {}}"#, "handler: unknown key; did you mean 'handlers'?"),
            (
                #"{"version": 1, "disable_existing_loggers": true}"#,
                "disable_existing_loggers: loggers that exist follow the new configuration and are never disabled; "
                    + "write false"
            ),
            (
                #"{"version": 1, "formatters": {"a": {"layuot": "json"}}}"#,
                "formatters.a.layuot: unknown key; did you mean 'layout'?"
            ),
            (
                #"{"version": 1, "formatters": {"a": {"layout": "jsn"}}}"#,
                "formatters.a.layout: 'jsn' is not known; did you mean 'json'?"
            ),
            (
                #"{"version": 1, "formatters": {"a": {"layout": "ecs", "keys": {}}}}"#,
                "formatters.a.keys: only the layout 'json' has keys of one's own"
            ),
            (
                #"{"version": 1, "formatters": {"a": {"keys": {"level": "message"}}}}"#,
                "formatters.a.keys: two keys of the layout would be called 'message'"
            ),
            (
                #"{"version": 1, "handlers": {"a": {"level": "INFO"}}}"#,
                "handlers.a: 'class' is missing; it is one of 'console', 'file', 'rotating_file'"
            ),
            (
                #"{"version": 1, "handlers": {"a": {"class": "logging.handlers.RotatingFileHandle", "x": 1}}}"#,
                "handlers.a.class: 'logging.handlers.RotatingFileHandle' is not known; did you mean "
                    + "'logging.handlers.RotatingFileHandler'?"
            ),
            (#"{"version": 1, "handlers": {"a": {"class": "file"}}}"#, "handlers.a: 'filename' is missing"),
            (
                #"{"version": 1, "handlers": {"a": {"class": "console", "stream": "stdot"}}}"#,
                "handlers.a.stream: 'stdot' is not known; did you mean 'stdout'?"
            ),
            (
                #"{"version": 1, "handlers": {"app": {"class": "console"}}, "loggers": {"a.b": {"handlers": ["ap"]}}}"#,
                #"loggers["a.b"].handlers[0]: there is no handler 'ap'; did you mean 'app'?"#
            ),
            (
                #"{"version": 1, "root": {"handlers": ["a"]}}"#,
                "root.handlers[0]: there is no handler 'a'; there are none"
            ),
            (
                #"{"version": 1, "root": {}, "loggers": {"": {}}}"#,
                #"loggers[""]: this is the root, which 'root' describes, too"#
            ),
            (
                #"{"version": 1, "root": {"propagate": "no", "handlers": "a"}}"#,
                """
                root.propagate: expected true or false, found the string 'no'
                root.handlers: expected an array, found the string 'a'
                """
            ),
            (
                #"{"version": 1, "handlers": {"a": {"class": "file", "filename": "/dev/null/app.log"}}}"#,
                "handlers.a.filename: cannot open /dev/null/app.log: Not a directory"
            ),
        ]
    )
    func others(_ json: String, expected: String) {
        #expect(problems(json) == expected)
    }

    @Test("All mistakes are said at once, and no file is made")
    func together() throws {
        let directory = try TemporaryDirectory()
        let json = """
            {"version": 1, "formatters": {"lines": {"layout": "xml"}}, "handlers": {
              "good": {"class": "file", "filename": "\(directory.path)/good.log"},
              "bad": {"class": "rotating_file", "maxBytes": "ten", "backupCont": 3, "level": "LOUD", "formatter": "line"}
            }, "loggers": {"x": {"levle": "INFO", "handlers": ["bad", "god"]}}, "root": {"level": null}}
            """
        #expect(
            problems(json) == """
                formatters.lines.layout: 'xml' is not known; it is one of 'json', 'ecs', 'gcp', 'text'
                handlers.bad.backupCont: unknown key; did you mean 'backupCount'?
                handlers.bad.maxBytes: expected a whole number, found the string 'ten'
                handlers.bad: 'filename' is missing
                handlers.bad.level: there is no level 'LOUD'; it is one of 'TRACE', 'DEBUG', 'INFO', 'NOTICE', \
                'WARNING', 'ERROR', 'CRITICAL'
                handlers.bad.formatter: there is no formatter 'line'; did you mean 'lines'?
                loggers.x.levle: unknown key; did you mean 'level'?
                loggers.x.handlers[1]: there is no handler 'god'; did you mean 'good'?
                root.level: expected the name of a level, found null
                """
        )
        #expect(TemporaryDirectory.names(in: directory.path).isEmpty)
    }
}
