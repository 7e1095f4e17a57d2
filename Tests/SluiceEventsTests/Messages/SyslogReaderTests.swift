// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import TestSupport
import Testing

/// The examples of RFC 5424 and RFC 3164, and what is sent in their names.
@Suite struct SyslogReaderTests {
    /// A message's parts in words.
    private func read(
        _ text: String,
        format: SyslogReader.Format = .auto,
        zone: TimeZoneRules = .utc,
        now: String = "2026-11-24T00:00:00Z"
    ) throws -> String {
        let now = now.withByteView { Timestamp.parse($0)?.nanoseconds ?? 0 }
        return try text.withByteView { (view) throws(SyslogError) in
            let message = try SyslogReader(format: format, zone: zone).read(view, now: now)
            var words: [String] = []
            func add(_ name: String, _ range: Range<Int>?) {
                if let range { words.append("\(name)=\(view[range].string)") }
            }
            if let priority = message.priority { words.append("pri=\(priority)") }
            if let version = message.version { words.append("version=\(version)") }
            if let time = message.time {
                let arena = ByteArena()
                Timestamp.write(time.nanoseconds, fractionDigits: time.fractionDigits, to: arena)
                words.append("time=\(arena.string)")
            }
            add("host", message.hostname)
            add("app", message.appname)
            add("proc", message.procid)
            add("msgid", message.msgid)
            for element in message.elements {
                let parameters = message.parameters.filter { $0.element == element }
                    .map { "\(view[$0.name].string):\(view[$0.value].string)" }
                words.append("[\(([view[element].string] + parameters).joined(separator: " "))]")
            }
            return (words + ["text=\(view[message.text].string)"]).joined(separator: " ")
        }
    }

    @Test(arguments: [
        // RFC 5424, section 6.5.
        (
            "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \u{feff}'su root' failed on /dev/pts/8",
            "pri=34 version=1 time=2003-10-11T22:14:15.003Z host=mymachine.example.com app=su msgid=ID47 "
                + "text='su root' failed on /dev/pts/8"
        ),
        (
            "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time.",
            "pri=165 version=1 time=2003-08-24T12:14:15.000003Z host=192.0.2.1 app=myproc proc=8710 text=%% It's time."
        ),
        (
            "<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut=\"3\" "
                + "eventSource=\"Application\" eventID=\"1011\"] \u{feff}An application event",
            "pri=165 version=1 time=2003-10-11T22:14:15.003Z host=mymachine.example.com app=evntslog msgid=ID47 "
                + "[exampleSDID@32473 iut:3 eventSource:Application eventID:1011] text=An application event"
        ),
        (
            "<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut=\"3\"]"
                + "[examplePriority@32473 class=\"high\"]",
            "pri=165 version=1 time=2003-10-11T22:14:15.003Z host=mymachine.example.com app=evntslog msgid=ID47 "
                + "[exampleSDID@32473 iut:3] [examplePriority@32473 class:high] text="
        ),
        ("<0>1 - - - - - -", "pri=0 version=1 text="),
        ("<191>1 - - - - - - \n", "pri=191 version=1 text="),
        ("<13>1 - h a p m [x] t", "pri=13 version=1 host=h app=a proc=p msgid=m [x] text=t"),
        (
            #"<13>1 - - - - - [x a="q\"b\\s\]e" b=""] t"#,
            #"pri=13 version=1 [x a:q\"b\\s\]e b:] text=t"#
        ),
        // RFC 3164, section 5.4.
        (
            "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
            "pri=34 time=2026-10-11T22:14:15Z host=mymachine app=su text='su root' failed for lonvick on /dev/pts/8"
        ),
        (
            "<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!",
            "pri=13 time=2026-02-05T17:32:18Z host=10.0.0.99 text=Use the BFG!"
        ),
        (
            "<165>Aug 24 05:34:00 CST 1987 mymachine myproc[10]: %% It's time",
            "pri=165 time=2026-08-24T05:34:00Z host=CST text=1987 mymachine myproc[10]: %% It's time"
        ),
        // Without a time, all is the message.
        ("<0>1990 Oct 22 10:52:01 TZ-6 scapegoat", "pri=0 text=1990 Oct 22 10:52:01 TZ-6 scapegoat"),
        ("<13>hello", "pri=13 text=hello"),
        ("<13>app[7]: hello", "pri=13 app=app proc=7 text=hello"),
        ("<13> hello", "pri=13 text=hello"),
        // As they come.
        ("<13>Sep 01 02:03:04 h m", "pri=13 time=2026-09-01T02:03:04Z host=h text=m"),
        ("Oct 11 22:14:15 h su[1024]: m", "time=2026-10-11T22:14:15Z host=h app=su proc=1024 text=m"),
        ("<13>2003-08-24T05:14:15.000003-07:00 h m", "pri=13 time=2003-08-24T12:14:15.000003Z host=h text=m"),
        ("<13>Oct 11 2024 22:14:15 h m", "pri=13 time=2024-10-11T22:14:15Z host=h text=m"),
        (
            "<189>*Oct 11 22:14:15.123: %SYS-5-CONFIG: m",
            "pri=189 time=2026-10-11T22:14:15.123Z app=%SYS-5-CONFIG text=m"
        ),
        ("<13>Oct 11 22:14:15 su[3]: local", "pri=13 time=2026-10-11T22:14:15Z app=su proc=3 text=local"),
        ("<13>Oct 11 22:14:15 h http://x/y m", "pri=13 time=2026-10-11T22:14:15Z host=h text=http://x/y m"),
        ("<13>Oct 11 22:14:15 h app[x", "pri=13 time=2026-10-11T22:14:15Z host=h text=app[x"),
        ("<13>Oct 11 22:14:15 h app:", "pri=13 time=2026-10-11T22:14:15Z host=h app=app text="),
        ("<13>Oct 11 22:14:15", "pri=13 time=2026-10-11T22:14:15Z text="),
        ("<13>Oct 11 22:14:15 h m\r\n\0", "pri=13 time=2026-10-11T22:14:15Z host=h text=m"),
        // The year before, where this year's would be far ahead.
        ("<13>Dec 31 23:59:59 h m", "pri=13 time=2025-12-31T23:59:59Z host=h text=m"),
        ("<13>Nov 30 23:59:59 h m", "pri=13 time=2026-11-30T23:59:59Z host=h text=m"),
    ])
    func isRead(_ text: String, _ expected: String) throws {
        #expect(try read(text) == expected)
    }

    @Test func theZoneIsThatOfTimesWithoutOne() throws {
        let zone = try #require(TimeZoneRules(name: "+02:00"))
        #expect(try read("<13>Oct 11 22:14:15 h m", zone: zone).contains("time=2026-10-11T20:14:15Z"))
        #expect(try read("<13>2026-10-11T22:14:15Z h m", zone: zone).contains("time=2026-10-11T22:14:15Z"))
    }

    @Test func theFormatCanBeFixed() throws {
        #expect(try read("<13>1 - h a p m - t", format: .rfc3164) == "pri=13 text=1 - h a p m - t")
        #expect(throws: SyslogError(.version, at: 4)) { try read("<13>Oct 11 22:14:15 h m", format: .rfc5424) }
    }

    @Test(arguments: [
        ("", SyslogError(.empty, at: 0)), ("\n", SyslogError(.empty, at: 0)),
        ("<abc>Oct 11 22:14:15 h m", SyslogError(.priority, at: 0)),
        ("<192>Oct 11 22:14:15 h m", SyslogError(.priority, at: 0)), ("<", SyslogError(.priority, at: 0)),
        ("<-1>Oct 11 22:14:15 h m", SyslogError(.priority, at: 0)), ("<13", SyslogError(.priority, at: 0)),
        ("13 Oct 11 22:14:15 h m", SyslogError(.timestamp, at: 0)), ("some text", SyslogError(.timestamp, at: 0)),
        ("<13>1 yesterday h a p m - t", SyslogError(.timestamp, at: 6)), ("<13>1 ", SyslogError(.field, at: 6)),
        ("<13>1 - h a p m", SyslogError(.field, at: 14)), ("<13>1 - h  p m - t", SyslogError(.field, at: 10)),
        ("<13>1 - h a p m x", SyslogError(.structuredData, at: 16)),
        ("<13>1 - h a p m -x", SyslogError(.structuredData, at: 17)),
        ("<13>1 - h a p m [x", SyslogError(.unclosed, at: 18)),
        ("<13>1 - h a p m [x a=\"b", SyslogError(.unclosed, at: 22)),
        ("<13>1 - h a p m [x a=\"b\\\"", SyslogError(.unclosed, at: 22)),
        ("<13>1 - h a p m [x a=b]", SyslogError(.parameter, at: 20)),
        ("<13>1 - h a p m [] t", SyslogError(.parameter, at: 17)),
    ])
    func isRefused(_ text: String, _ expected: SyslogError) {
        #expect(throws: expected) { try read(text) }
    }

    /// Whatever comes is a message or an error, and its parts lie inside it.
    @Test func noTextIsTooStrange() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SplitMix64(seed: seed)
        let pieces = [
            "<13>", "<", ">", "1 ", "Oct 11 22:14:15", " ", "-", "[", "]", "\"", "=", "\\", "a", ":", "h.x", "\n", "\0",
            "2026-11-24T00:00:00Z", "\u{feff}", "é", "9",
        ]
        for _ in 0..<20_000 {
            let text = (0..<generator.below(12)).map { _ in generator.pick(pieces) }.joined()
            text.withByteView { view in
                guard let message = try? SyslogReader().read(view, now: 0) else { return }
                let ranges =
                    [message.hostname, message.appname, message.procid, message.msgid].compactMap(\.self)
                    + message.elements + message.parameters.flatMap { [$0.name, $0.value] } + [message.text]
                #expect(
                    ranges.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= view.count },
                    "seed \(seed): \(text)"
                )
            }
        }
    }

    // MARK: Fields

    private func document(_ text: String) -> String {
        let pipe = Pipe(parser: SyslogEventParser(SyslogReader()), writesTimestamp: true, readTime: 0)
        return pipe.run(text)
    }

    @Test func fieldsAreThoseOfFilebeat() {
        #expect(
            document(
                "<34>1 2003-10-11T22:14:15.003Z h su 7 ID47 [a@1 x=\"1\" x=\"q\\\"\\]\\n\" y=\"2\"][b] \u{feff}te\"xt"
            )
                == #"{"@timestamp":"2003-10-11T22:14:15.003Z","message":"te\"xt","log":{"syslog":{"priority":34,"#
                + #""facility":{"code":4,"name":"security/authorization"},"severity":{"code":2,"name":"Critical"},"#
                + #""hostname":"h","appname":"su","procid":"7","msgid":"ID47","version":"1","#
                + #""structured_data":{"a@1":{"x":"q\"]\\n","y":"2"},"b":{}}}}}"#
        )
        #expect(document("Jan  1 00:00:00 - m") == #"{"@timestamp":"1970-01-01T00:00:00.000Z","message":"m"}"#)
    }

    @Test func whatIsNoMessageKeepsItsText() {
        #expect(
            document("no syslog")
                == #"{"@timestamp":"1970-01-01T00:00:00.000000Z","message":"no syslog","error":{"message":"#
                + #""Error parsing syslog message: a timestamp was expected (byte 0)"}}"#
        )
    }

    @Test func everySeverityAndFacilityHasAName() {
        for priority in 0...191 {
            let text = document("<\(priority)>m")
            #expect(text.contains(#""facility":{"code":\#(priority / 8),"name":""#))
            #expect(text.contains(#""severity":{"code":\#(priority % 8),"name":""#))
        }
        #expect(document("<191>m").contains(#"{"code":23,"name":"local7"},"severity":{"code":7,"name":"Debug"}"#))
    }

    @Test func parseSyslogHasItsOptions() {
        let problems = ConfigurationProblems()
        let zones: @Sendable (String) -> [UInt8]? = { _ in nil }
        let context = ProcessorContext(timeZoneData: zones)
        #expect(ParserTable.parser("syslog", context: context, problems: problems) is SyslogEventParser)
        let node: ConfigurationNode = ["syslog": ["format": "rfc5424", "timezone": "+01:00", "add_error_key": false]]
        #expect(ParserTable.parser(node, context: context, problems: problems) is SyslogEventParser)
        #expect(problems.isEmpty)
        _ = ParserTable.parser(["syslog": ["timezone": "Nowhere"]], context: context, problems: problems)
        _ = ParserTable.parser(["syslog": ["format": "rfc1"]], context: context, problems: problems)
        #expect(problems.count == 2)
    }
}
