// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import TestSupport
import Testing

@Suite struct DocumentTests {
    @Test func whatNobodyChangedIsCopied() {
        let line = #"{ "b" : [1 , 2.50e1] , "a":"\u0041" }"#
        #expect(Pipe().run(line) == line)
    }

    @Test func whatWasAddedStandsBehindIt() {
        let pipe = Pipe(processors: [["add_fields": ["target": "", "fields": ["x": 1]]]])
        #expect(pipe.run(#"{ "b" : 1 }"#) == #"{ "b" : 1 ,"x":1}"#)
        #expect(pipe.run("{}") == #"{"x":1}"#)
        #expect(pipe.run("{ }") == #"{"x":1}"#)
    }

    @Test func whatWasChangedIsWrittenFieldByField() {
        let pipe = Pipe(processors: [["add_fields": ["target": "", "fields": ["b": 2]]]])
        #expect(pipe.run(#"{ "a" : 1, "b" : 1, "c":  3 }"#) == #"{"a" : 1,"b":2,"c":  3}"#)
    }

    @Test func theTimeComesFirstUnlessItIsInTheLine() {
        let pipe = Pipe(writesTimestamp: true, readTime: 1_709_438_706_123_456_789)
        #expect(pipe.run(#"{"a":1}"#) == #"{"@timestamp":"2024-03-03T04:05:06.123456Z","a":1}"#)
        #expect(pipe.run("{}") == #"{"@timestamp":"2024-03-03T04:05:06.123456Z"}"#)
        #expect(
            pipe.run(#"{"a":1,"@timestamp":"2020-01-01T00:00:00.1Z"}"#)
                == #"{"a":1,"@timestamp":"2020-01-01T00:00:00.1Z"}"#
        )
        #expect(
            Pipe(parser: PlainParser(), writesTimestamp: true, readTime: 0).run("x")
                == #"{"@timestamp":"1970-01-01T00:00:00.000000Z","message":"x"}"#
        )
    }

    @Test func fieldsCanBeLeftOut() {
        let batch = EventBatch(capacity: 1024)
        let pipe = Pipe()
        _ = pipe.process([#"{"a":1,"b":2,"c":3}"#, #"{"c":4}"#, #"{"b":5}"#], in: batch)
        var encoder = DocumentEncoder(writesTimestamp: false)
        let output = ByteArena()
        let omitted: UInt64 = 1 << UInt64(batch.keys.number(of: "b")) | 1 << UInt64(batch.keys.number(of: "a"))
        for event in 0..<3 { encoder.encode(batch, event, omitted: omitted, to: output) }
        #expect(output.string == #"{"c":3}{"c":4}{}"#)
    }

    @Test func rawTextIsEscaped() {
        #expect(Pipe(parser: PlainParser()).run("a\"\\\u{1}é") == #"{"message":"a\"\\\u0001é"}"#)
        let batch = EventBatch(capacity: 64)
        let source = EventSource(generation: "A", path: "/a")
        let segment = batch.openSegment(EventSegment(source: source, start: 0, end: 3, time: 0, timeOffset: 0))
        batch.arena.append([0x61, 0xff, 0x62])
        batch.appendEvent(segment: segment, text: 0..<3, file: 0..<4)
        _ = PlainParser().parse(batch)
        #expect(Pipe().documents(of: batch) == [#"{"message":"a�b"}"#])
    }

    /// Parsing and encoding says the same, whatever is in the line.
    @Test func aRandomObjectSaysTheSameAsADocument() {
        let seed: UInt64 = 1001
        var generator = RandomObject(random: SplitMix64(seed: seed))
        let lines = (0..<3000).map { _ in generator.line() }
        let documents = Pipe().run(lines)
        #expect(documents.count == lines.count)
        for (line, document) in zip(lines, documents) {
            #expect(JSONTree(document) == JSONTree(line), "seed \(seed): \(line) \(document)")
            #expect(!document.contains("\n"))
        }
    }

    /// Random changes to random objects, held against the same changes to a dictionary.
    @Test func randomChangesDoWhatTheyDoToADictionary() throws {
        let seed: UInt64 = 2002
        var generator = RandomObject(random: SplitMix64(seed: seed))
        let names = ["a", "b", "a.b", "b.c.d", "level", "key7", "x.y.z", "c.a.b.c", "message"]
        for round in 0..<1500 {
            let line = generator.line()
            let batch = EventBatch(capacity: 256)
            _ = Pipe().process([line], in: batch)
            var expected = try #require(JSONTree(line))
            for step in 0..<generator.random.below(6) {
                let path = FieldPath(generator.random.pick(names))
                if generator.random.below(3) == 0 {
                    let isRemoved = batch.removeValue(path, of: 0)
                    #expect(
                        isRemoved == Self.remove(path.components[...], from: &expected),
                        "seed \(seed), round \(round)"
                    )
                } else {
                    let json = generator.random.pick(["\(step)", "\"s\"", "{\"n\":\(step)}", "[]"])
                    let kind: FieldKind =
                        json.hasPrefix("{")
                        ? .object : json.hasPrefix("[") ? .array : json.hasPrefix("\"") ? .string : .integer
                    let isSet = json.withByteView { batch.setValue(path, kind: kind, json: $0, of: 0) }
                    let value = try #require(JSONTree(json))
                    #expect(
                        isSet == Self.set(path.components[...], value, in: &expected),
                        "seed \(seed), round \(round)"
                    )
                }
                #expect(
                    batch.value(path, of: 0).flatMap { JSONTree($0.bytes.string) }
                        == Self.find(path.components[...], in: expected),
                    "seed \(seed), round \(round): \(path) of \(line)"
                )
            }
            let document = try #require(Pipe().documents(of: batch).first)
            #expect(JSONTree(document) == expected, "seed \(seed), round \(round): \(line)")
        }
    }

    // What Filebeat does: at every level the whole rest of the name first, then the part before the first dot.

    private static func find(_ path: ArraySlice<String>, in tree: JSONTree) -> JSONTree? {
        guard case .object(let members) = tree, let first = path.first else { return nil }
        if let value = members[path.joined(separator: ".")] { return value }
        guard path.count > 1, let inner = members[first] else { return nil }
        return find(path.dropFirst(), in: inner)
    }

    private static func set(_ path: ArraySlice<String>, _ value: JSONTree, in tree: inout JSONTree) -> Bool {
        guard case .object(var members) = tree, let first = path.first else { return false }
        let whole = path.joined(separator: ".")
        if path.count == 1 || members[whole] != nil {
            members[whole] = value
        } else {
            var inner = members[first] ?? .object([:])
            guard set(path.dropFirst(), value, in: &inner) else { return false }
            members[first] = inner
        }
        tree = .object(members)
        return true
    }

    private static func remove(_ path: ArraySlice<String>, from tree: inout JSONTree) -> Bool {
        guard case .object(var members) = tree, let first = path.first else { return false }
        if members.removeValue(forKey: path.joined(separator: ".")) != nil {
            tree = .object(members)
            return true
        }
        guard path.count > 1, var inner = members[first], remove(path.dropFirst(), from: &inner) else { return false }
        members[first] = inner
        tree = .object(members)
        return true
    }
}
