// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging
import Testing

@Suite("Python's handlers and formatters in a configuration")
struct PythonHandlerTests {
    private func problems(_ json: String) -> String {
        do throws(LogConfigurationError) {
            _ = try LogConfiguration(json: json)
            return ""
        } catch {
            return error.description
        }
    }

    @Test(
        "TimedRotatingFileHandler, as far as files here can change by the clock",
        arguments: [
            ("", RotationSchedule.hourly, RotationTimeZone.local, Int?.none),
            (#", "when": "H""#, .hourly, .local, nil),
            (#", "when": "h", "interval": 6, "utc": true"#, .every(seconds: 21_600), .utc, nil),
            (#", "when": "S", "interval": 30"#, .every(seconds: 30), .local, nil),
            (#", "when": "M""#, .every(seconds: 60), .local, nil),
            (#", "when": "D", "backupCount": 7"#, .every(seconds: 86_400), .local, 7),
            (#", "when": "midnight", "utc": true, "backupCount": 0"#, .daily(), .utc, nil),
            (#", "when": "MIDNIGHT", "atTime": "04:30:00""#, .daily(hour: 4, minute: 30), .local, nil),
        ]
    )
    func timed(_ members: String, schedule: RotationSchedule, zone: RotationTimeZone, count: Int?) throws {
        let directory = try TemporaryDirectory()
        let configuration = try LogConfiguration(
            json: """
                {"version": 1, "handlers": {"f": {"class": "logging.handlers.TimedRotatingFileHandler",
                 "filename": "\(directory.path)/app.log", "encoding": "utf8"\(members)}}, "root": {"handlers": ["f"]}}
                """
        )
        let file = try #require(configuration.root.outputs.first?.destination as? RotatingFile)
        #expect(
            file.rotation == RotationPolicy(maximumBytes: 0, schedule: schedule, timeZone: zone, naming: .dated)
        )
        #expect(file.retention == RetentionPolicy(maximumCount: count))
    }

    @Test(
        "What it cannot be",
        arguments: [
            (
                #""when": "W0""#,
                ".when: files cannot change by the day of the week; 'midnight' is each day, 'D' with an 'interval' of 7 "
                    + "every seven days"
            ),
            (
                #""when": "midnight", "interval": 2"#,
                ".interval: at midnight files change each day and not every 2 days; 'D' can do that"
            ),
            (#""when": "daily""#, ".when: 'daily' is not known; "),
            (#""interval": 0"#, ".interval: expected a whole number from 1 to 1000000, found the number 0"),
            (
                #""atTime": "noon", "when": "midnight""#,
                ".atTime: expected a time of day such as '04:30', found the string 'noon'"
            ),
            (#""utc": "yes""#, ".utc: expected true or false, found the string 'yes'"),
            (#""maxBytes": 5"#, ".maxBytes: unknown key; "),
        ]
    )
    func timedMistakes(_ members: String, expected: String) {
        let handler =
            #"{"class": "logging.handlers.TimedRotatingFileHandler", "filename": "/nowhere/app.log", \#(members)}"#
        #expect(problems(#"{"version": 1, "handlers": {"f": \#(handler)}}"#).hasPrefix("handlers.f" + expected))
    }

    @Test("NullHandler writes nothing, and may be named")
    func null() throws {
        let configuration = try LogConfiguration(
            json: """
                {"version": 1, "handlers": {"none": {"class": "logging.NullHandler", "level": "INFO"},
                 "console": {"class": "console"}}, "root": {"handlers": ["none", "console"]}}
                """
        )
        #expect(configuration.root.outputs.map { $0.destination is ConsoleDestination } == [true])
        #expect(
            problems(#"{"version": 1, "handlers": {"none": {"class": "logging.NullHandler", "stream": "stdout"}}}"#)
                == "handlers.none.stream: unknown key; it is one of 'class', 'formatter', 'level'"
        )
    }

    @Test("A formatter with a format, and local time")
    func formats() throws {
        let configuration = try LogConfiguration(
            json: """
                {"version": 1, "formatters": {
                  "python": {"format": "%(asctime)s %(message)s", "datefmt": "%H:%M", "style": "%"},
                  "universal": {"format": "%(message)s", "datefmt": null, "time": "utc"},
                  "text": {"layout": "text", "time": "local", "color": "never"}
                 }, "handlers": {"a": {"class": "console", "formatter": "python"},
                  "b": {"class": "console", "formatter": "universal"}, "c": {"class": "console", "formatter": "text"}},
                 "root": {"handlers": ["a", "b", "c"]}}
                """
        )
        let layouts = configuration.root.outputs.map(\.layout)
        #expect(layouts[0] as? PatternLayout == (try PatternLayout("%(asctime)s %(message)s", dateFormat: "%H:%M")))
        #expect(layouts[1] as? PatternLayout == (try PatternLayout("%(message)s", timeZone: .utc)))
        #expect(layouts[2] as? TextLayout == TextLayout(color: .never, timeZone: .local))
    }

    @Test(
        "A format that is wrong",
        arguments: [
            (#""format": "%(mesage)s""#, ".format: column 1: there is no 'mesage'; did you mean 'message'?"),
            (#""format": 5"#, ".format: expected a string, found the number 5"),
            (#""format": "%(message)s", "style": "{""#, ".style: expected '%', found the string '{'"),
            (
                #""format": "%(message)s", "layout": "json""#,
                ".layout: a 'format' makes lines of text; leave one of the two out"
            ),
            (#""format": "%(message)s", "color": "never""#, ".color: this does not go with a 'format'"),
            (#""format": "%(message)s", "time": "CET""#, ".time: 'CET' is not known; it is one of 'utc', 'local'"),
            (#""datefmt": "%H""#, ".datefmt: this goes with a 'format', which is missing"),
            (#""time": "local""#, ".time: only the layout 'text' and a 'format' can have local time"),
        ]
    )
    func formatMistakes(_ members: String, expected: String) {
        #expect(problems(#"{"version": 1, "formatters": {"f": {\#(members)}}}"#) == "formatters.f" + expected)
    }
}
