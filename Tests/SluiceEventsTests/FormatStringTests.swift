// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import TestSupport
import Testing

@Suite struct FormatStringTests {
    private func text(_ format: String, _ line: String, common: [(key: String, json: String)] = []) throws -> String? {
        let batch = EventBatch(capacity: 256)
        _ = Pipe(common: common).process([line], in: batch)
        let output = ByteArena()
        output.append("before ")
        guard try FormatString(format).append(batch, 0, to: output) else {
            #expect(output.string == "before ", "nothing is written when a field is missing")
            return nil
        }
        return String(output.string.dropFirst(7))
    }

    static let line =
        #"{"s":"x","e":"a\"é\n","n":5,"f":1.50,"t":true,"z":null,"o":{"p":"q"},"d.t":1,"l":[1, 2],"@timestamp":"2024-03-03T04:05:06Z"}"#

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("%{[s]}", "x"), ("a-%{[s]}-b%{[n]}", "a-x-b5"), ("%{[e]}", "a\"é\n"),
        ("%{[f]}", "1.50"), ("%{[t]}", "true"), ("%{[o.p]}", "q"), ("%{[o][p]}", "q"), ("%{[d.t]}", "1"),
        ("%{[d][t]}", "1"),
        ("%{[o]}", #"{"p":"q"}"#), ("%{[l]}", "[1, 2]"), ("%{[none]:x y}", "x y"), ("%{[none]:}", ""),
        ("%{[s]:y}", "x"),
        ("%{[z]:null}", "null"), ("%{[o.none]:-}", "-"), ("%{[s.p]:-}", "-"), ("%{+yyyy.MM.dd}", "2024.03.03"),
        ("logs-%{[s]}-%{+yyyy.MM.dd}", "logs-x-2024.03.03"), ("100% {of} }%", "100% {of} }%"),
        ("%{[@timestamp]}", "2024-03-03T04:05:06.000Z"), ("%{[none]:a:b}", "a:b"),
    ])
    func formats(format: String, expected: String) throws {
        #expect(try text(format, Self.line) == expected)
    }

    @Test(arguments: ["%{[none]}", "a%{[s]}%{[none]}b", "%{[z]}", "%{[o.none]}", "%{[s.p]}"])
    func aMissingFieldWritesNothing(format: String) throws {
        #expect(try text(format, Self.line) == nil)
    }

    @Test func fieldsOfTheSource() throws {
        #expect(try text("%{[log.file.path]}", "{}", common: [(key: "log", json: #"{"file":{"path":"/a"}}"#)]) == "/a")
    }

    @Test(arguments: ["%{", "%{[a]", "%{a}", "%{[]}", "%{[a]x}", "%{+}x%{", "%{+QQ}", "%{+yyyy'}", "%{}"])
    func whatIsNoFormatString(format: String) {
        #expect(throws: FormatString.Invalid.self) { try FormatString(format) }
    }

    @Test func whatDoesNotDependOnTheEvent() throws {
        #expect(try FormatString("abc").constant == "abc")
        #expect(try FormatString("").constant == "")
        #expect(try FormatString("a%{[b]}").constant == nil)
        #expect(try FormatString("%{[a.b]}").singleField == FieldPath("a.b"))
        #expect(try FormatString("%{[a]:x}").singleField == nil)
        #expect(try FormatString("x%{[a]}").singleField == nil)
    }

    /// The quicker way writes the same, batch after batch.
    @Test func aWriterWritesTheSame() throws {
        let seed: UInt64 = 404
        var generator = RandomObject(random: SplitMix64(seed: seed))
        let batch = EventBatch(capacity: 256)
        let formats = try [
            "x", "", "%{[a]}", "%{[a]:-}-%{[b]:none}", "%{[a.b]:}%{[message]}",
            "%{+yyyy.MM.dd}|%{+HH:mm:ss}|%{[level]:l}",
            "%{[@timestamp]}", "%{[fields.env]}-%{[c]:}",
        ].map { try FormatString($0) }
        var writers = formats.map { FormatWriter($0) }
        var written = 0
        for round in 0..<30 {
            batch.removeAll(arenaLimit: 1 << 20)
            let pipe = Pipe(
                common: round % 2 == 0 ? [] : [(key: "fields", json: #"{"env":"e\#(round)"}"#), (key: "c", json: "1")],
                readTime: Int64(round) * 86_399_000_000_000
            )
            _ = pipe.process((0..<40).map { _ in generator.line() }, in: batch)
            for event in 0..<20 { batch.setTime(Int64(event) * 40_000_000_000_000, digits: 9, of: event) }
            for index in writers.indices { writers[index].begin(batch) }
            for event in 0..<batch.events.count {
                for (index, format) in formats.enumerated() {
                    let expected = ByteArena()
                    let found = ByteArena()
                    let isWhole = format.append(batch, event, to: expected)
                    #expect(writers[index].append(batch, event, to: found) == isWhole)
                    #expect(found.string == expected.string, "seed \(seed), round \(round): \(format)")
                    if isWhole { written += 1 }
                }
            }
        }
        #expect(written > 5000)
    }

    // MARK: Dates

    private func date(_ pattern: String, _ nanoseconds: Int64) throws -> String {
        let output = ByteArena()
        try DateFormat(pattern).append(nanoseconds, to: output)
        return output.string
    }

    @Test(arguments: [
        ("yyyy-MM-dd'T'HH:mm:ss", "2024-03-03T14:05:06"), ("yy.M.d", "24.3.3"), ("DDD", "063"), ("D", "63"),
        ("xxxx.ww.e", "2024.09.7"),
        ("hh:mm", "02:05"), ("h", "2"), ("H", "14"), ("''", "'"), ("yyyy''MM", "2024'03"), ("'it''s'", "it's"),
        ("y", "2024"), ("[yyyy]", "[2024]"), ("é yyyy", "é 2024"), ("YYYY", "2024"),
    ])
    func dates(pattern: String, expected: String) throws {
        #expect(try date(pattern, 1_709_474_706_000_000_000) == expected)
    }

    @Test(arguments: [
        ("2020-12-31", "2020-W53-4"), ("2021-01-03", "2020-W53-7"), ("2021-01-04", "2021-W01-1"),
        ("2018-12-31", "2019-W01-1"),
        ("2016-01-03", "2015-W53-7"), ("2024-12-30", "2025-W01-1"), ("1969-12-29", "1970-W01-1"),
    ])
    func weeks(day: String, week: String) throws {
        let time = try #require("\(day)T12:00:00Z".withByteView { Timestamp.parse($0) })
        #expect(try date("xxxx-'W'ww-e", time.nanoseconds) == week)
    }

    @Test func timesAtTheEnds() throws {
        #expect(try date("yyyy-MM-dd HH:mm:ss", .min) == "1677-09-21 00:12:43")
        #expect(try date("yyyy-MM-dd HH:mm:ss", .max) == "2262-04-11 23:47:16")
        #expect(try date("yyyy-MM-dd HH:mm:ss", -1) == "1969-12-31 23:59:59")
    }

    @Test func aPatternOfManyLettersTrapsNothing() throws {
        #expect(throws: DateFormat.Invalid.self) { try DateFormat(String(repeating: "y", count: 40)) }
        #expect(throws: DateFormat.Invalid.self) { try DateFormat("MMMM") }
        #expect(throws: DateFormat.Invalid.self) { try DateFormat("'open") }
    }
}
