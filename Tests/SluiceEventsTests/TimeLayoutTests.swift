// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import TestSupport
import Testing

/// The processor `timestamp`, which is where layouts and time zones are seen from outside.
@Suite struct TimeLayoutTests {
    /// The document's `@timestamp`, or its `error.message`.
    private func time(
        _ value: String,
        _ layouts: ConfigurationNode,
        timezone: String? = nil,
        context: ProcessorContext = ProcessorContext(),
        readTime: Int64 = 1_700_000_000_000_000_000
    ) -> String {
        var options: [ConfigurationEntry] = [
            ConfigurationEntry(key: "field", keyPosition: .literal, value: "t"),
            ConfigurationEntry(key: "layouts", keyPosition: .literal, value: layouts),
        ]
        if let timezone {
            options.append(
                ConfigurationEntry(
                    key: "timezone",
                    keyPosition: .literal,
                    value: ConfigurationNode(stringLiteral: timezone)
                )
            )
        }
        let batch = EventBatch(capacity: 4096)
        let pipe = Pipe(
            processors: [["timestamp": ConfigurationNode(.mapping(options))]],
            context: context,
            readTime: readTime
        )
        guard pipe.process([#"{"t":\#(value)}"#], in: batch).parseFailures == 0 else { return "wrong options" }
        if let error = batch.value(FieldPath("error.message"), of: 0) { return error.string }
        return batch.value(FieldPath("@timestamp"), of: 0)?.string ?? ""
    }

    static let layouts: [(layout: String, text: String, time: String)] = [
        // Go's own named layouts.
        ("Mon Jan _2 15:04:05 2006", "Sun Mar  3 04:05:06 2024", "2024-03-03T04:05:06.000Z"),
        ("Mon Jan _2 15:04:05 MST 2006", "Sun Mar  3 04:05:06 UTC 2024", "2024-03-03T04:05:06.000Z"),
        ("Mon Jan 02 15:04:05 -0700 2006", "Sun Mar 03 04:05:06 +0530 2024", "2024-03-02T22:35:06.000Z"),
        ("02 Jan 06 15:04 MST", "03 Mar 24 04:05 GMT", "2024-03-03T04:05:00.000Z"),
        ("02 Jan 06 15:04 -0700", "03 Mar 24 04:05 -0800", "2024-03-03T12:05:00.000Z"),
        ("Monday, 02-Jan-06 15:04:05 MST", "Sunday, 03-Mar-24 04:05:06 UTC", "2024-03-03T04:05:06.000Z"),
        ("Mon, 02 Jan 2006 15:04:05 -0700", "Sun, 03 Mar 2024 04:05:06 +0000", "2024-03-03T04:05:06.000Z"),
        ("2006-01-02T15:04:05Z07:00", "2024-03-03T04:05:06+01:00", "2024-03-03T03:05:06.000Z"),
        ("2006-01-02T15:04:05.999999999Z07:00", "2024-03-03T04:05:06.123456789Z", "2024-03-03T04:05:06.123456789Z"),
        ("2006-01-02 15:04:05", "2024-03-03 04:05:06", "2024-03-03T04:05:06.000Z"),
        // nginx, and others met in logs.
        ("02/Jan/2006:15:04:05 -0700", "03/Mar/2024:04:05:06 +0200", "2024-03-03T02:05:06.000Z"),
        ("2006/01/02 15:04:05.000000", "2024/03/03 04:05:06.123456", "2024-03-03T04:05:06.123456Z"),
        ("2006-01-02 15:04:05,000", "2024-03-03 04:05:06,789", "2024-03-03T04:05:06.789Z"),
        ("20060102150405", "20240303040506", "2024-03-03T04:05:06.000Z"),
        ("January 2, 2006 3:04 PM", "March 3, 2024 4:05 PM", "2024-03-03T16:05:00.000Z"),
        ("1/2/2006 03:04:05pm", "3/13/2024 12:00:01am", "2024-03-13T00:00:01.000Z"),
        ("1/2/06 3:4:5 PM", "12/31/69 12:00:01 PM", "1969-12-31T12:00:01.000Z"),
        ("2006-002 15h04", "2024-060 23h59", "2024-02-29T23:59:00.000Z"),
        ("2006-__2", "2024-  1", "2024-01-01T00:00:00.000Z"),
        ("06_2006", "24_2024", "2024-01-01T00:00:00.000Z"),
        // A fraction is read where the layout has none, in the layout's digits where it has them.
        ("2006-01-02 15:04:05", "2024-03-03 04:05:06.5", "2024-03-03T04:05:06.500Z"),
        ("2006-01-02 15:04:05 -07", "2024-03-03 04:05:06.123456 +01", "2024-03-03T03:05:06.123456Z"),
        ("2006-01-02 15:04:05.999", "2024-03-03 04:05:06", "2024-03-03T04:05:06.000Z"),
        ("2006-01-02 15:04:05.999", "2024-03-03 04:05:06.123456", "2024-03-03T04:05:06.123456Z"),
        ("2006-01-02 15:04:05.000", "2024-03-03 04:05:06.12345678912", ""),
        ("2006-01-02 15:04:05.000", "2024-03-03 04:05:06", ""),
        ("2006-01-02 15:04:05.000", "2024-03-03 04:05:06.12", ""),
        ("2006-01-02 15:04:05", "2024-03-03 04:05:06.", ""),
        ("2006-01-02 15:04:05", "2024-03-03 04:05:06.12345678999", "2024-03-03T04:05:06.123456789Z"),
        // Offsets with and without Z.
        ("2006-01-02 Z07:00", "2024-03-03 Z", "2024-03-03T00:00:00.000Z"),
        ("2006-01-02 -07:00", "2024-03-03 Z", ""),
        ("2006-01-02 -07:00:00", "2024-03-03 +01:02:03", "2024-03-02T22:57:57.000Z"),
        ("2006-01-02 Z0700", "2024-03-03 +1", ""),
        // Spaces and names.
        ("Jan 2 2006", "mar   3   2024", "2024-03-03T00:00:00.000Z"),
        ("Jan 2 2006", "MAR 03 2024", "2024-03-03T00:00:00.000Z"),
        ("Jan 2 2006", "Foo 3 2024", ""),
        ("January 2 2006", "Mar 3 2024", ""),
        ("2006-01-02 MST", "2024-03-03 CET", ""),
        // What is no time.
        ("2006-01-02", "2024-02-30", ""), ("2006-01-02", "2023-02-29", ""), ("2006-01-02", "2024-13-01", ""),
        ("2006-01-02", "2024-00-01", ""), ("2006-01-02", "2024-01-00", ""), ("2006-01-02 15", "2024-01-01 24", ""),
        ("2006-01-02 15:04", "2024-01-01 00:60", ""), ("2006-01-02", "2024-1-1", ""), ("2006-01-02", "2024-01-01x", ""),
        ("2006-01-02", "", ""), ("2006-002", "2023-366", ""), ("2006-01-02 3 PM", "2024-01-01 13 PM", ""),
        ("2006-01-02", "1677-01-01", ""), ("2006-01-02", "2262-12-31", ""), ("2006-01-02", "9999-12-31", ""),
    ]

    @Test(arguments: layouts.indices)
    func layout(number: Int) {
        let test = Self.layouts[number]
        let layout = ConfigurationNode(stringLiteral: test.layout)
        let found = time("\"\(test.text)\"", [layout])
        let expected = test.time.isEmpty ? "failed parsing time field t='\(test.text)'" : test.time
        #expect(found == expected, "\(test)")
    }

    static let names: [(layout: String, value: String, time: String)] = [
        ("RFC3339", #""2024-03-03T04:05:06.5+01:00""#, "2024-03-03T03:05:06.500Z"),
        ("RFC3339", #""2024-03-03T04:05:06""#, ""),
        ("RFC3339", #""2024-03-03T04:05:06\u002b01:00""#, "2024-03-03T03:05:06.000Z"),
        ("ISO8601", #""2024-03-03T04:05:06""#, "2024-03-03T04:05:06.000Z"),
        ("ISO8601", #""2024-03-03 04:05:06,25""#, "2024-03-03T04:05:06.250Z"),
        ("UNIX", "1709438706", "2024-03-03T04:05:06.000Z"),
        ("UNIX", "1709438706.123456789", "2024-03-03T04:05:06.123456789Z"),
        ("UNIX", #""1709438706.5""#, "2024-03-03T04:05:06.500Z"),
        ("UNIX", "-1.5", "1969-12-31T23:59:58.500Z"),
        ("UNIX", "1.7094387061e9", "2024-03-03T04:05:06.100Z"),
        ("UNIX", "9223372036", "2262-04-11T23:47:16.000Z"),
        ("UNIX", "9223372037", ""),
        ("UNIX", "9223372036.854775807", "2262-04-11T23:47:16.854775807Z"),
        ("UNIX", "9223372036.854775808", ""),
        ("UNIX", "-9223372036.854775808", "1677-09-21T00:12:43.145224192Z"),
        ("UNIX", "1e300", ""), ("UNIX", "1e9999999999999", ""), ("UNIX", "-1e25", ""),
        ("UNIX", "true", ""), ("UNIX", #""x""#, ""), ("UNIX", #""""#, ""), ("UNIX", #""-""#, ""),
        ("UNIX", #"".5""#, ""),
        ("UNIX", "[1]", ""), ("UNIX", "{}", ""),
        ("UNIX_MS", "1709438706123", "2024-03-03T04:05:06.123Z"),
        ("UNIX_MS", "1709438706123.4567", "2024-03-03T04:05:06.1234567Z"),
        ("UNIX_MS", #""1709438706123""#, "2024-03-03T04:05:06.123Z"),
        ("UNIX_MS", "9223372036854.775807", "2262-04-11T23:47:16.854775807Z"),
        ("UNIX_MS", "9223372036855", ""),
        ("2006", "2024", ""),
    ]

    @Test(arguments: names.indices)
    func name(number: Int) {
        let test = Self.names[number]
        let found = time(test.value, [ConfigurationNode(stringLiteral: test.layout)])
        if test.time.isEmpty {
            #expect(found.hasPrefix("failed parsing time field t='"), "\(test): \(found)")
        } else {
            #expect(found == test.time, "\(test)")
        }
    }

    @Test func theFirstLayoutThatFitsCounts() {
        let layouts: ConfigurationNode = ["UNIX", "2006-01-02", "RFC3339", "02.01.2006"]
        #expect(time(#""2024-03-03""#, layouts) == "2024-03-03T00:00:00.000Z")
        #expect(time(#""03.03.2024""#, layouts) == "2024-03-03T00:00:00.000Z")
        #expect(time("0", layouts) == "1970-01-01T00:00:00.000Z")
    }

    // MARK: Years

    @Test(arguments: [
        ("2024-03-03T00:00:00Z", "Mar  3 04:05:06", "2024-03-03T04:05:06.000Z"),
        ("2025-01-01T00:00:10Z", "Dec 31 23:59:59", "2024-12-31T23:59:59.000Z"),
        ("2024-12-31T23:59:59Z", "Jan  1 00:00:01", "2024-01-01T00:00:01.000Z"),
        ("2024-06-15T00:00:00Z", "Jun 18 00:00:00", "2024-06-18T00:00:00.000Z"),
        ("2024-06-15T00:00:00Z", "Jun 28 00:00:00", "2023-06-28T00:00:00.000Z"),
        ("2025-02-28T23:00:00Z", "Feb 29 00:00:00", "2024-02-29T00:00:00.000Z"),
        ("2027-02-28T23:00:00Z", "Feb 29 00:00:00", ""),
    ])
    func withoutAYearItIsTheOneOfReading(read: String, text: String, expected: String) throws {
        let now = try #require(read.withByteView { Timestamp.parse($0) })
        let found = time("\"\(text)\"", ["Jan _2 15:04:05"], readTime: now.nanoseconds)
        #expect(found == (expected.isEmpty ? "failed parsing time field t='\(text)'" : expected))
    }

    // MARK: Zones

    @Test(arguments: [
        ("UTC", "2024-03-03T04:05:06.000Z"), ("+02:00", "2024-03-03T02:05:06.000Z"),
        ("-0330", "2024-03-03T07:35:06.000Z"),
        ("+14", "2024-03-02T14:05:06.000Z"), ("", "2024-03-03T04:05:06.000Z"),
    ])
    func fixedZones(zone: String, expected: String) {
        #expect(time(#""2024-03-03 04:05:06""#, ["2006-01-02 15:04:05"], timezone: zone) == expected)
        #expect(time(#""2024-03-03T04:05:06""#, ["ISO8601"], timezone: zone) == expected)
        // What the text says of its offset counts more.
        #expect(time(#""2024-03-03T04:05:06Z""#, ["ISO8601"], timezone: zone) == "2024-03-03T04:05:06.000Z")
        #expect(time(#""2024-03-03 04 +0000""#, ["2006-01-02 15 -0700"], timezone: zone) == "2024-03-03T04:00:00.000Z")
    }

    @Test(arguments: ["+25:00", "+1", "02:00", "+02:60", "+02:00:00", "CET", "+ab"])
    func zonesThatAreNone(zone: String) {
        #expect(time(#""2024-03-03""#, ["2006-01-02"], timezone: zone) == "wrong options")
    }

    /// A zone's file, made here: version 2, one transition, and a rule for what comes after.
    static func zoneFile(footer: String) -> [UInt8] {
        func big(_ value: Int64, _ size: Int) -> [UInt8] {
            (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> Int64(8 * $0)) }
        }
        func block(_ timeSize: Int) -> [UInt8] {
            var bytes = Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
            // Counts: UTC flags, standard flags, leap seconds, transitions, types, characters.
            for count: Int64 in [0, 0, 0, 2, 2, 8] { bytes += big(count, 4) }
            // 1980-04-06T01:00Z summer, 1980-09-28T01:00Z standard.
            bytes += big(323_830_800, timeSize) + big(338_950_800, timeSize) + [1, 0]
            bytes += big(3600, 4) + [0, 0] + big(7200, 4) + [1, 4] + Array("CET\0CEST".utf8)
            return bytes
        }
        return block(4) + block(8) + Array("\n\(footer)\n".utf8)
    }

    @Test func zonesOfTheDatabase() {
        let context = ProcessorContext { name in
            name == "Europe/Berlin" ? Self.zoneFile(footer: "CET-1CEST,M3.5.0,M10.5.0/3") : nil
        }
        func berlin(_ text: String) -> String {
            time("\"\(text)\"", ["2006-01-02 15:04"], timezone: "Europe/Berlin", context: context)
        }
        #expect(berlin("1970-01-01 01:00") == "1970-01-01T00:00:00.000Z")
        #expect(berlin("1980-07-01 02:00") == "1980-07-01T00:00:00.000Z")
        #expect(berlin("1980-12-01 01:00") == "1980-12-01T00:00:00.000Z")
        #expect(berlin("2024-01-15 12:00") == "2024-01-15T11:00:00.000Z")
        #expect(berlin("2024-07-15 12:00") == "2024-07-15T10:00:00.000Z")
        #expect(berlin("2024-03-31 01:59") == "2024-03-31T00:59:00.000Z")
        #expect(berlin("2024-03-31 03:00") == "2024-03-31T01:00:00.000Z")
        #expect(berlin("2024-10-27 01:59") == "2024-10-26T23:59:00.000Z")
        #expect(berlin("2024-10-27 03:00") == "2024-10-27T02:00:00.000Z")
    }

    @Test(arguments: [
        ("EST5EDT,M3.2.0,M11.1.0", "2024-03-10 01:59", "2024-03-10T06:59:00.000Z"),
        ("EST5EDT,M3.2.0,M11.1.0", "2024-03-10 03:00", "2024-03-10T07:00:00.000Z"),
        ("EST5EDT,M3.2.0,M11.1.0", "2024-11-03 03:00", "2024-11-03T08:00:00.000Z"),
        // The south, where the year begins in summer.
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-01-01 11:00", "2024-01-01T00:00:00.000Z"),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-07-01 10:00", "2024-07-01T00:00:00.000Z"),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-12-31 11:00", "2024-12-31T00:00:00.000Z"),
        ("<+0330>-3:30", "2024-07-01 03:30", "2024-07-01T00:00:00.000Z"),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2024-07-01 00:00", "2024-07-01T01:00:00.000Z"),
        ("XXX3YYY2,J60/0,J300/0", "2024-03-01 01:00", "2024-03-01T03:00:00.000Z"),
        ("XXX3YYY2,59/0,300/0", "2024-02-29 01:00", "2024-02-29T03:00:00.000Z"),
        // Rules that are none are as if there were none.
        ("", "2024-07-01 12:00", "2024-07-01T11:00:00.000Z"), ("CET", "2024-07-01 12:00", "2024-07-01T11:00:00.000Z"),
        ("CET-1CEST", "2024-07-01 12:00", "2024-07-01T11:00:00.000Z"),
        ("CET-999", "2024-07-01 12:00", "2024-07-01T11:00:00.000Z"),
        ("CET-1CEST,M13.5.0,M10.5.0", "2024-07-01 12:00", "2024-07-01T11:00:00.000Z"),
    ])
    func rulesForEveryYear(footer: String, text: String, expected: String) {
        let context = ProcessorContext { _ in Self.zoneFile(footer: footer) }
        #expect(time("\"\(text)\"", ["2006-01-02 15:04"], timezone: "Local", context: context) == expected)
    }

    @Test func damagedZoneFilesTrapNothing() {
        var random = SplitMix64(seed: 17)
        let file = Self.zoneFile(footer: "CET-1CEST,M3.5.0,M10.5.0/3")
        var read = 0
        for _ in 0..<5000 {
            var bytes = file
            for _ in 0...random.below(3) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            if random.below(3) == 0 { bytes.removeSubrange(random.below(bytes.count)...) }
            let damaged = bytes
            let context = ProcessorContext { _ in damaged }
            if time(#""2024-07-01 12:00""#, ["2006-01-02 15:04"], timezone: "Local", context: context)
                != "wrong options"
            {
                read += 1
            }
        }
        #expect(read > 100)
    }

    // MARK: The processor's other options

    private func document(_ line: String, _ options: ConfigurationNode) -> String {
        Pipe(processors: [["timestamp": options]]).run(line)
    }

    @Test func whatIsMissingOrWrong() {
        let missing = #"{"a":1,"error":{"message":"failed to get time field t: key not found"}}"#
        #expect(document(#"{"a":1}"#, ["field": "t", "layouts": ["UNIX"]]) == missing)
        #expect(document(#"{"a":1}"#, ["field": "t", "layouts": ["UNIX"], "ignore_missing": true]) == #"{"a":1}"#)
        #expect(document(#"{"a":1}"#, ["field": "t", "layouts": ["UNIX"], "ignore_failure": true]) == #"{"a":1}"#)
        #expect(document(#"{"t":"x"}"#, ["field": "t", "layouts": ["UNIX"], "ignore_failure": true]) == #"{"t":"x"}"#)
        #expect(
            document(#"{"t":"x"}"#, ["field": "t", "layouts": ["UNIX"]])
                == #"{"t":"x","error":{"message":"failed parsing time field t='x'"}}"#
        )
    }

    @Test func anotherTarget() {
        #expect(
            document(#"{"t":5}"#, ["field": "t", "layouts": ["UNIX"], "target_field": "event.created"])
                == #"{"t":5,"event":{"created":"1970-01-01T00:00:05.000Z"}}"#
        )
    }

    @Test func theTimeReplacesAnOlderOneInTheDocument() {
        let pipe = Pipe(
            processors: [["timestamp": ["field": "t", "layouts": ["UNIX"]]]],
            writesTimestamp: true
        )
        #expect(
            pipe.run(#"{"@timestamp":"2020-01-01T00:00:00Z","t":5.5}"#)
                == #"{"@timestamp":"1970-01-01T00:00:05.500Z","t":5.5}"#
        )
    }

    @Test func damagedTextsTrapNothing() {
        var random = SplitMix64(seed: 23)
        let layouts = Self.layouts.map { ConfigurationNode(stringLiteral: $0.layout) }
        let problems = ConfigurationProblems()
        for layout in layouts {
            let list = ProcessorList(
                node: [["timestamp": ["field": "message", "layouts": [layout]]]],
                context: ProcessorContext(),
                problems: problems
            )
            let pipeline = EventPipeline(parser: PlainParser(), processors: list)
            let batch = EventBatch(capacity: 4096)
            let lines = (0..<500).map { _ in
                var text = Array(random.pick(Self.layouts).text.utf8)
                for _ in 0..<random.below(3) where !text.isEmpty {
                    text[random.below(text.count)] = random.pick(Array("0123456789 :-+.,ZJM".utf8))
                }
                return String(decoding: text, as: UTF8.self)
            }
            Pipe().fill(batch, lines)
            _ = pipeline.run(batch)
        }
        #expect(problems.isEmpty)
    }
}
