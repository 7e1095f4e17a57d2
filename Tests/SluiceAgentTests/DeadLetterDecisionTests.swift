// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import SluiceBytes
import SluiceEvents
import Testing

/// What is decided about dead letters without a disk.
@Suite struct DeadLetterDecisionTests {
    // MARK: Room

    private func options(_ whenFull: DeadLetterOptions.WhenFull) -> DeadLetterOptions {
        var options = DeadLetterOptions()
        options.maximumBytes = 1000
        options.whenFull = whenFull
        return options
    }

    @Test func nothingIsDroppedUnlessAskedFor() {
        #expect(DeadLetterOptions().whenFull == .hold)
        #expect(DeadLetterOptions().maximumBytes == 100_000_000)
    }

    @Test func whatHasNoRoomWaits() {
        var room = DeadLetterRoom(options(.hold), kept: 400)
        // What is on its way counts.
        var answers = [600, 1].map { room.admit($0) }
        room.written(600)
        answers.append(room.admit(1))
        room.recount(999, version: room.version)
        answers += [1, 1].map { room.admit($0) }
        #expect(answers == [true, false, false, true, false])
    }

    @Test func aLetterLargerThanAllRoomIsKeptAlone() {
        var room = DeadLetterRoom(options(.hold), kept: 0)
        let answers = [5000, 1].map { room.admit($0) }
        #expect(answers == [true, false])
    }

    @Test func aCountThatIsOutOfDateIsNotTaken() {
        var room = DeadLetterRoom(options(.hold), kept: 0)
        let version = room.version
        var answers = [room.admit(900)]
        room.written(900)
        room.recount(0, version: version)
        answers.append(room.admit(900))
        #expect(answers == [true, false])
    }

    @Test(arguments: [DeadLetterOptions.WhenFull.dropOldest, .dropNewest])
    func whereLettersAreDroppedNobodyWaits(_ whenFull: DeadLetterOptions.WhenFull) {
        var room = DeadLetterRoom(options(whenFull), kept: 1000)
        let answers = [600, 600].map { room.admit($0) }
        #expect(answers == [true, true])
    }

    // MARK: Ids

    @Test(arguments: [Int64](arrayLiteral: 0, 1, 63, 64, 4095, 4096, 1 << 40, 1 << 59))
    func anIdIsTakenApart(_ start: Int64) throws {
        let batch = EventBatch(capacity: 4096)
        let generation = "AZaz09-_AZaz09-_"
        let source = EventSource(generation: generation, path: "/a")
        let range = start..<(start + 70)
        let segment = batch.openSegment(
            EventSegment(source: source, start: range.lowerBound, end: range.upperBound, time: 0, timeOffset: start)
        )
        batch.appendEvent(segment: segment, text: 0..<0, file: range)
        let id = ByteArena(capacity: 64)
        batch.appendID(of: 0, to: id)
        let identifier = try #require(EventIdentifier(id.string))
        #expect(identifier.generation == generation)
        #expect(identifier.range == range)
    }

    @Test(arguments: ["", "abc", "abc.A", ".A.B", "abc.A.", "abc.=.B", "a.b.c.d", "abc.AAAAAAAAAAAA.B"])
    func whatIsNoIdIsNone(_ text: String) {
        #expect(EventIdentifier(text) == nil)
    }

    // MARK: Reasons

    @Test(arguments: [
        (
            "failed to parse field [x] of type [long] in document with id 'Ab.C'. Preview of field's value: 'abc'",
            "failed to parse field [x] of type [long] in document with id '…'. Preview of field's value: '…'"
        ),
        (
            "entry for stream '{a=\"b\"}' has timestamp too old: 2026-01-02T03:04:05Z",
            "entry for stream '…' has timestamp too old: …-…-…T…:…:…Z"
        ),
    ])
    func aReasonsShapeKeepsWhatIsCommon(_ reason: String, _ expected: String) {
        #expect(DeadLetterGroup.shape(reason) == expected)
    }

    @Test func elasticsearchsReasonIsToldInWords() {
        let reason = #"{"type":"document_parsing_exception","reason":"[1:9] no \"abc\"","caused_by":{"reason":"x"}}"#
        #expect(DeadLetterGroup.words(reason) == #"document_parsing_exception: [1:9] no "abc""#)
        #expect(DeadLetterGroup.words(#"{"type":"a","reason":"cut of"#) == "a: cut of")
        #expect(DeadLetterGroup.words("HTTP 400: no") == "HTTP 400: no")
    }

    @Test func aLoneQuotationMarkIsText() {
        #expect(DeadLetterGroup.shape("can't, 12 times") == "can't, … times")
    }

    @Test func lettersAreCountedByOutputAndReason() {
        func kept(_ number: Int64, _ output: String, _ status: Int, _ reason: String) -> KeptDeadLetter {
            let letter = DeadLetter(
                output: output,
                identifier: "g.A.B",
                path: "/a",
                offset: 0,
                time: 0,
                status: status,
                reason: reason,
                text: []
            )
            return KeptDeadLetter(number: number, letter: letter, byteCount: 10)
        }
        let groups = DeadLetterGroup.groups([
            kept(1, "search", 400, "id 'a' is bad"), kept(2, "loki", 400, "id 'a' is bad"),
            kept(3, "search", 400, "id 'b' is bad"), kept(4, "search", 413, "id 'b' is bad"),
        ])
        #expect(groups.map(\.output) == ["search", "loki", "search"])
        #expect(groups.map(\.count) == [2, 1, 1])
        #expect(groups.map(\.bytes) == [20, 10, 10])
        #expect(groups.first?.reason == "id '…' is bad")
    }

    @Test func aRecordIsJSON() throws {
        var letter = DeadLetter(
            output: "search",
            identifier: "g.A.B",
            path: "/var/log/\"a\"",
            offset: 7,
            time: 1,
            status: 400,
            reason: "no\n",
            text: Array("one\ttwo".utf8)
        )
        letter.fields = #"{"log":{"file":{"path":"/a"}}}"#
        letter.refused = 5
        let kept = KeptDeadLetter(number: 3, letter: letter, byteCount: 7)
        let text = DeadLetterRecord.write(kept, pipeline: "test", hasText: true)
        let content = try text.withByteView { view throws(JSONError) in try JSONContent.parse(view) }
        #expect(content["number"]?.integer == 3)
        #expect(content["path"]?.text == "/var/log/\"a\"")
        #expect(content["text"]?.text == "one\ttwo")
        #expect(content["refused"]?.integer == 5)
        #expect(content["fields"]?["log"]?["file"]?["path"]?.text == "/a")
        #expect(!DeadLetterRecord.write(kept, pipeline: "test", hasText: false).contains("two"))
    }
}
