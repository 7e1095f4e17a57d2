// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import TestSupport
import Testing

@Suite struct ContainerLineTests {
    /// What a line says, in one text: time, digits, stream, whether it is a piece, text, attributes.
    private func parse(_ line: String, _ format: ContainerOptions.Format = .automatic) throws -> String {
        let arena = ByteArena(capacity: 64)
        arena.append("before")
        let start = arena.count
        arena.append(line)
        let parsed = try ContainerLineParser(format).parse(start..<arena.count, in: arena)
        let text = arena.view(parsed.text).string
        let attributes = arena.view(parsed.attributes).string
        return
            "\(parsed.time) \(parsed.timeDigits) \(parsed.stream.name) \(parsed.isPartial ? "P" : "F") [\(text)] \(attributes)"
    }

    private static let time: Int64 = 1_475_713_217_669_794_202
    private static let stamp = "2016-10-06T00:20:17.669794202Z"

    @Test(arguments: [
        (#"{"log":"text\n","stream":"stdout","time":"\#(stamp)"}"#, "stdout F [text] "),
        // Keys in any order, white space, and what is not known.
        (#"{ "time":"\#(stamp)", "x":[1,{"log":"no"}], "stream":"stderr", "log":"a\r\n" } "#, "stderr F [a] "),
        (
            #"{"log":"a \"q\" \\ \u00e9\ud83d\ude00\t\n","stream":"stdout","time":"\#(stamp)"}"#,
            "stdout F [a \"q\" \\ é😀\t] "
        ),
        (
            #"{"log":"é\n","stream":"stdout","attrs":{"tag":"x","n":"1"},"time":"\#(stamp)"}"#,
            #"stdout F [é] {"tag":"x","n":"1"}"#
        ),
        (#"{"log":"\n","stream":"stdout","time":"\#(stamp)"}"#, "stdout F [] "),
        (#"{"log":"\r\n","stream":"stdout","time":"\#(stamp)"}"#, "stdout F [] "),
        (#"{"log":"piece","stream":"stdout","time":"\#(stamp)"}"#, "stdout P [piece] "),
        (#"{"log":"pie\tce","stream":"stdout","time":"\#(stamp)"}"#, "stdout P [pie\tce] "),
        (#"{"log":"","stream":"stdout","time":"\#(stamp)"}"#, "stdout P [] "),
        // A backslash and an n are no line feed.
        (#"{"log":"a\\n","stream":"stdout","time":"\#(stamp)"}"#, #"stdout P [a\n] "#),
        (#"{"log":"a\nb\n","stream":"stdout","time":"\#(stamp)"}"#, "stdout F [a\nb] "),
        (#"{"log":"a\n","time":"\#(stamp)"}"#, " F [a] "),
        (#"{"log":"b\n","log":"a\n","stream":"stdout","time":"\#(stamp)"}"#, "stdout F [a] "),
    ])
    func dockersLines(_ line: String, _ expected: String) throws {
        #expect(try parse(line) == "\(Self.time) 9 \(expected)")
        #expect(try parse(line, .docker) == "\(Self.time) 9 \(expected)")
    }

    @Test(arguments: [
        ("stdout F message", "stdout F [message] "), ("stderr P piece", "stderr P [piece] "),
        ("stdout P:tag part", "stdout P [part] "), ("stdout tag:P part", "stdout P [part] "),
        ("stdout x:F:y whole", "stdout F [whole] "), ("stdout F:P part", "stdout P [part] "),
        // Spaces are the text's.
        ("stdout F   two  spaces ", "stdout F [  two  spaces ] "), ("stdout F ", "stdout F [] "),
        ("stdout F", "stdout F [] "), ("stdout F {\"log\":\"x\"}", "stdout F [{\"log\":\"x\"}] "),
        // Before there were tags.
        ("stdout 2017-09-12 [INFO] text", "stdout F [2017-09-12 [INFO] text] "),
        ("stdout Pod ready", "stdout F [Pod ready] "),
    ])
    func linesOfCRI(_ line: String, _ expected: String) throws {
        #expect(try parse("\(Self.stamp) \(line)") == "\(Self.time) 9 \(expected)")
        #expect(try parse("\(Self.stamp) \(line)", .cri) == "\(Self.time) 9 \(expected)")
    }

    @Test func timesWithAnOffsetAndFewerDigits() throws {
        #expect(try parse("2016-10-06T02:20:17.66+02:00 stdout F x") == "1475713217660000000 2 stdout F [x] ")
        #expect(
            try parse(#"{"log":"x\n","stream":"stdout","time":"2016-10-06T00:20:17Z"}"#)
                == "1475713217000000000 0 stdout F [x] "
        )
    }

    @Test(arguments: [
        ("", "TIME STREAM TAGS TEXT"), ("text", "TIME STREAM TAGS TEXT"), ("just some text", "the time is not"),
        ("\(stamp) stdout", "TIME STREAM TAGS TEXT"), ("\(stamp) stdin F x", "neither stdout nor stderr"),
        ("2016-10-06 stdout F x", "the time is not"), ("{", "not Docker's JSON"), ("{} x", "not Docker's JSON"),
        (#"{"stream":"stdout","time":"\#(stamp)"}"#, "has no log"), (#"{"log":"x\n"}"#, "has no time"),
        (#"{"log":1,"time":"\#(stamp)"}"#, "log is not a string"), (#"{"log":"x","time":"now"}"#, "the time is not"),
        (#"{"log":"x","time":1}"#, "the time is not"),
        (#"{"log":"x","stream":1,"time":"\#(stamp)"}"#, "stream is not a string"),
        (#"{"log":"x","stream":"x","time":"\#(stamp)"}"#, "neither stdout nor stderr"),
    ])
    func whatIsNoContainersLine(_ line: String, _ words: String) {
        #expect { try parse(line) } throws: { "\($0)".contains(words) }
    }

    @Test func formatsAreNotTakenForEachOther() {
        #expect(throws: ContainerLine.Failure.self) { try parse(#"{"log":"x\n","time":"\#(Self.stamp)"}"#, .cri) }
        #expect(throws: ContainerLine.Failure.self) { try parse("\(Self.stamp) stdout F x", .docker) }
    }

    @Test func anyBytesMayCome() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        let lines = [
            #"{"log":"a \u00e9\n","stream":"stdout","attrs":{"a":"b"},"time":"\#(Self.stamp)"}"#,
            "\(Self.stamp) stdout P:x text",
        ]
        let parser = ContainerLineParser(.automatic)
        let arena = ByteArena(capacity: 64)
        for _ in 0..<5000 {
            var bytes = Array(random.pick(lines).utf8)
            for _ in 0..<random.below(4) {
                let place = random.below(bytes.count)
                switch random.below(3) {
                case 0: bytes[place] = UInt8(random.below(256))
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + random.below(9)))
                default: bytes.insert(UInt8(random.below(128)), at: place)
                }
                if bytes.isEmpty { break }
            }
            arena.removeAll()
            arena.append(bytes)
            guard let parsed = try? parser.parse(0..<bytes.count, in: arena) else { continue }
            #expect(
                parsed.text.upperBound <= arena.count && parsed.attributes.upperBound <= arena.count,
                "seed \(seed)"
            )
        }
    }
}
