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

@Suite("Layouts from a format string")
struct PatternLayoutTests {
    /// The line of an event at 2026-11-22T03:32:00.123456Z.
    private func line(_ format: String, dateFormat: String? = nil, message: String = "prediction served") throws
        -> String
    {
        let memory = MemoryDestination()
        let layout = try PatternLayout(format, dateFormat: dateFormat, timeZone: .utc)
        ContextLogger("mlops.prediction", engine: memory.engine(layout: layout)).warning("\(message)")
        return try #require(memory.lines.first)
    }

    @Test(
        "Attributes, widths and what stands between them",
        arguments: [
            (
                "%(asctime)s [%(levelname)s] %(name)s: %(message)s",
                "2026-11-22 03:32:00,123 [WARNING] mlops.prediction: prediction served"
            ),
            ("%(levelname)-8s|%(levelname)8s|%(levelname)5s|", "WARNING | WARNING|WARNING|"),
            ("%(name)-20.5s|%(name).3s|%(name)6.2s", "mlops               |mlo|    ml"),
            ("%(msecs)03d %(msecs)5d %(levelno)-4d| %(levelno)s", "123   123 30  | 30"),
            ("100 %% %(message)s%%", "100 % prediction served%"),
            ("%(module)s %(filename)s %(message)s", "SluiceLoggingTests PatternLayoutTests.swift prediction served"),
            ("%(message)s \"\\\" \u{e4}", "prediction served \"\\\" \u{e4}"),
        ]
    )
    func lines(_ format: String, expected: String) throws {
        #expect(try line(format) == expected + "\n")
    }

    @Test("Function, line, process and thread")
    func origin() throws {
        let memory = MemoryDestination()
        let layout = try PatternLayout("%(funcName)s %(lineno)d %(process)d %(thread)d")
        let here: UInt = #line + 1
        ContextLogger("x", engine: memory.engine(layout: layout)).info("y")
        let words = try #require(memory.lines.first).split { $0 == " " || $0 == "\n" }
        #expect(words == ["origin()", "\(here)", "\(getpid())", "\(words.last ?? "")"])
        #expect(UInt(words.last ?? "") ?? 0 > 0)
    }

    @Test("Dates are what strftime makes of them")
    func dates() throws {
        #expect(try line("%(asctime)s", dateFormat: "%d.%m.%y %H:%M") == "22.11.26 03:32\n")
        #expect(try line("%(asctime)12s|", dateFormat: "%H:%M") == "       03:32|\n")
        #expect(try line("<%(asctime)s>", dateFormat: "") == "<>\n")
        #expect(try line("<%(asctime)s>", dateFormat: String(repeating: "%Y", count: 100)) == "<>\n")
    }

    @Test("A line stays one line, and characters are counted, not bytes")
    func hostileText() throws {
        #expect(try line("%(message)s", message: "a\nb\u{1b}[2J") == "a\\nb\\u001b[2J\n")
        #expect(try line("a\n%(message)s", message: "b") == "a\\nb\n")
        #expect(try line("%(message)4s|", message: "\u{e4}\u{20ac}") == "  \u{e4}\u{20ac}|\n")
        #expect(try line("%(message).1s|", message: "\u{20ac}\u{20ac}") == "\u{20ac}|\n")
    }

    @Test("Fields are there if they are asked for, and an error always")
    func fields() throws {
        struct Missing: Error {}
        let memory = MemoryDestination()
        for format in ["%(message)s", "%(message)s %(fields)s", "[%(fields)20s]"] {
            let log = ContextLogger("x", engine: memory.engine(layout: try PatternLayout(format)))
            log.info("a") {
                $0["user"] = 42
                $0["name"] = "b c"
            }
        }
        ContextLogger("x", engine: memory.engine(layout: try PatternLayout("%(message)s"))).error("a", error: Missing())
        #expect(memory.lines.prefix(3) == ["a\n", "a user=42 name=\"b c\"\n", "[  user=42 name=\"b c\"]\n"])
        #expect(memory.lines.last?.hasPrefix("a exception={\"type\":\"") == true)
    }

    @Test("Local time is the process's", arguments: ["UTC-3", "Europe/Berlin"])
    func localTime(_ zone: String) async {
        await #expect(processExitsWith: .success) { [zone = zone as String] in
            unsafe setenv("TZ", zone, 1)
            let memory = MemoryDestination()
            let layouts: [any LogLayout] = [
                try PatternLayout("%(asctime)s"), try PatternLayout("%(asctime)s", dateFormat: "%H:%M"),
                TextLayout(color: .never, timeZone: .local),
            ]
            for layout in layouts { ContextLogger("x", engine: memory.engine(layout: layout)).info("y") }
            let hour = zone == "UTC-3" ? "06" : "04"
            #expect(memory.lines.prefix(2) == ["2026-11-22 \(hour):32:00,123\n", "\(hour):32\n"])
            #expect(memory.lines.last == "2026-11-22 \(hour):32:00,123 [INFO] x: y\n")
        }
    }

    @Test(
        "Mistakes say where they are",
        arguments: [
            ("plain", "a format needs at least one '%(…)s', as in '%(message)s'"),
            ("%d", "column 1: '%' needs a name behind it, as in '%(message)s'; '%%' is the sign itself"),
            ("a %", "column 3: '%' needs a name behind it, as in '%(message)s'; '%%' is the sign itself"),
            ("a %(message", "column 3: '%' needs a name behind it, as in '%(message)s'; '%%' is the sign itself"),
            ("%(mesage)s", "column 1: there is no 'mesage'; did you mean 'message'?"),
            ("%(message)d", "column 1: '%(message)' needs 's' behind it"),
            ("%(lineno)f", "column 1: '%(lineno)' needs 's' behind it or 'd'"),
            ("%(message)", "column 1: '%(message)' needs 's' behind it"),
        ]
    )
    func mistakes(_ format: String, expected: String) {
        do throws(PatternError) {
            _ = try PatternLayout(format)
            Issue.record("it was taken")
        } catch {
            #expect(error.description == expected)
        }
    }
}
