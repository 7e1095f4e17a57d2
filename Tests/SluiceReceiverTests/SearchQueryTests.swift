// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceReceiver
import Testing

/// Queries over single documents.
struct SearchQueryTests {
    /// 2026-11-22T12:30:00Z
    private static let now: Int64 = 1_795_350_600_000_000_000

    private static let document =
        #"{"@timestamp":"2026-11-22T12:00:00.5Z","message":"Connection refused by db-7: error 0x1F, see example.com","level":"ERROR","n":5,"ratio":0.25,"ok":true,"none":null,"empty":[],"tags":["red","Dark Blue"],"log":{"file":{"path":"/var/log/a.log"},"n":[1,2]},"host.name":"web-1","list":[{"k":"a"},{"k":"b"}],"esc":"tab\there"}"#

    private func matches(_ query: SearchQuery) -> Bool {
        let matcher = DocumentMatcher()
        return Self.document.withByteView { document in
            "doc-1".withByteView { key in
                matcher.fields.source = document
                matcher.fields.key = key
                return matcher.matches(query)
            }
        }
    }

    static let queries: [(String, Bool)] = [
        (#"{"match_all":{}}"#, true), (#"{"match_none":{}}"#, false),
        (#"{"term":{"level":"ERROR"}}"#, true), (#"{"term":{"level":"error"}}"#, true),
        (#"{"term":{"level.keyword":"error"}}"#, false), (#"{"term":{"level.keyword":"ERROR"}}"#, true),
        (#"{"term":{"message":"refused"}}"#, true), (#"{"term":{"message.keyword":"refused"}}"#, false),
        (#"{"term":{"n":5}}"#, true), (#"{"term":{"n":"5"}}"#, true), (#"{"term":{"n":5.0}}"#, true),
        (#"{"term":{"n":6}}"#, false), (#"{"term":{"ok":true}}"#, true), (#"{"term":{"ok":false}}"#, false),
        (#"{"term":{"tags":"red"}}"#, true), (#"{"term":{"tags.keyword":"Dark Blue"}}"#, true),
        (#"{"term":{"log.file.path":"/var/log/a.log"}}"#, true), (#"{"term":{"host.name":"web-1"}}"#, true),
        (#"{"term":{"list.k":"b"}}"#, true), (#"{"term":{"log.n":2}}"#, true), (#"{"term":{"_id":"doc-1"}}"#, true),
        (#"{"term":{"level":{"value":"error","case_insensitive":true}}}"#, true),
        (#"{"term":{"esc.keyword":"tab\there"}}"#, true),
        (#"{"terms":{"n":[4,5]}}"#, true), (#"{"terms":{"n":[]}}"#, false),
        (#"{"match":{"message":"REFUSED connection"}}"#, true), (#"{"match":{"message":"nothing db"}}"#, true),
        (#"{"match":{"message":{"query":"nothing db","operator":"and"}}}"#, false),
        (#"{"match":{"message":{"query":"db refused","operator":"and"}}}"#, true),
        (#"{"match":{"message":"example.com"}}"#, true), (#"{"match":{"message":"example"}}"#, false),
        (#"{"match":{"n":5}}"#, true),
        (#"{"match_phrase":{"message":"refused by db"}}"#, true),
        (#"{"match_phrase":{"message":"refused db"}}"#, false),
        (#"{"match_phrase_prefix":{"message":"connection ref"}}"#, true),
        (#"{"multi_match":{"query":"dark","fields":["message","tags"]}}"#, true),
        (#"{"multi_match":{"query":"dark","fields":["message"]}}"#, false),
        (#"{"range":{"n":{"gte":5,"lt":6}}}"#, true), (#"{"range":{"n":{"gt":5}}}"#, false),
        (#"{"range":{"ratio":{"lte":0.25}}}"#, true), (#"{"range":{"level":{"gte":"A","lt":"F"}}}"#, true),
        (#"{"range":{"@timestamp":{"gte":"now-1h"}}}"#, true), (#"{"range":{"@timestamp":{"gte":"now-10m"}}}"#, false),
        (#"{"range":{"@timestamp":{"gte":"now/d","lte":"now/d"}}}"#, true),
        (#"{"range":{"@timestamp":{"lt":"now/d"}}}"#, false),
        (#"{"range":{"@timestamp":{"gte":"2026-11-22","lt":"2026-11-23"}}}"#, true),
        (#"{"range":{"@timestamp":{"gte":"2026-11-01||+1M/M"}}}"#, false),
        (#"{"range":{"@timestamp":{"gte":1795348800500,"lte":1795348800500}}}"#, true),
        (#"{"range":{"@timestamp":{"gte":1795348800,"format":"epoch_second"}}}"#, true),
        (#"{"range":{"missing":{"gte":0}}}"#, false),
        (#"{"exists":{"field":"n"}}"#, true), (#"{"exists":{"field":"log.file"}}"#, true),
        (#"{"exists":{"field":"none"}}"#, false), (#"{"exists":{"field":"empty"}}"#, false),
        (#"{"exists":{"field":"no"}}"#, false), (#"{"exists":{"field":"host"}}"#, true),
        (#"{"ids":{"values":["doc-1"]}}"#, true), (#"{"ids":{"values":["doc"]}}"#, false),
        (#"{"prefix":{"level":"ERR"}}"#, true), (#"{"prefix":{"message":"conn"}}"#, true),
        (#"{"wildcard":{"log.file.path":"*/a.?og"}}"#, true), (#"{"wildcard":{"level":"e*r"}}"#, true),
        (#"{"wildcard":{"level.keyword":"e*r"}}"#, false), (#"{"constant_score":{"filter":{"term":{"n":5}}}}"#, true),
        (#"{"bool":{}}"#, true), (#"{"bool":{"should":[{"term":{"n":1}}]}}"#, false),
        (#"{"bool":{"must":{"term":{"n":5}},"should":[{"term":{"n":1}}]}}"#, true),
        (#"{"bool":{"must":{"term":{"n":5}},"should":[{"term":{"n":1}}],"minimum_should_match":1}}"#, false),
        (
            #"{"bool":{"should":[{"term":{"n":5}},{"term":{"ok":true}},{"term":{"n":1}}],"minimum_should_match":"-1"}}"#,
            true
        ),
        (#"{"bool":{"should":[{"term":{"n":5}},{"term":{"n":1}}],"minimum_should_match":"100%"}}"#, false),
        (#"{"bool":{"must_not":[{"term":{"n":5}}]}}"#, false),
    ]

    @Test(arguments: queries)
    func theQueryLanguageDecides(_ query: String, _ isMatch: Bool) throws {
        let value = try query.withByteView { try JSONValue.parse($0) }
        let parsed = try SearchQueryParser(now: Self.now).parse(value)
        #expect(matches(parsed) == isMatch)
    }

    static let strings: [(String, Bool)] = [
        ("refused", true), ("missing", false), ("*", true), ("*:*", true), ("level:ERROR", true), ("level:info", false),
        ("refused missing", true), ("refused AND missing", false), ("refused && db", true),
        ("refused OR missing", true),
        ("missing || refused", true), ("NOT missing", true), ("NOT refused", false), ("-missing +refused", true),
        ("+missing refused", false), ("!refused", false), ("refused -db", false), ("\"refused by\"", true),
        ("\"by refused\"", false), ("message:\"refused by\"", true), ("message:(missing OR refused)", true),
        ("message:(+missing refused)", false), ("(level:ERROR AND n:5) OR missing", true), ("n:[5 TO 6]", true),
        ("n:{5 TO 6]", false), ("n:[* TO 4]", false), ("n:>=5", true), ("n:>5", false), ("n:<6", true),
        ("n:(>=4 AND <6)", true),
        ("@timestamp:[2026-11-22 TO 2026-11-23}", true), ("@timestamp:[now-1h TO now]", true), ("_exists_:n", true),
        ("_exists_:none", false), ("n:*", true), ("gone:*", false), ("refu*", true), ("level:E?ROR", true),
        ("ref?sed^2", true), ("log.file.path:\\/var\\/log\\/a.log", true), ("host.name:web\\-1", true),
        ("level.keyword:ERROR", true), ("level.keyword:error", false), ("message:example.com", true),
        ("tags:dark", true), ("tags:\"dark blue\"", true), ("db-7", true), ("ok:true", true), ("", false),
    ]

    @Test(arguments: strings)
    func aQueryStringDecides(_ text: String, _ isMatch: Bool) throws {
        let query = try QueryStringParser.parse(text, defaultFields: [], needsAll: false, now: Self.now)
        #expect(matches(query) == isMatch)
    }

    @Test func theDefaultOperatorAndFieldsCount() throws {
        func matches(_ text: String, _ fields: [String], all: Bool) throws -> Bool {
            self.matches(try QueryStringParser.parse(text, defaultFields: fields, needsAll: all, now: Self.now))
        }
        #expect(try matches("refused missing", [], all: true) == false)
        #expect(try matches("refused missing", [], all: false))
        #expect(try matches("refused OR missing", [], all: true))
        #expect(try matches("dark", ["message"], all: false) == false)
        #expect(try matches("dark", ["message", "tags^3"], all: false))
    }

    @Test(arguments: ["(", ")", "a:", "\"open", "n:[1 TO", "n:[1 2]", "a AND", "[1 TO 2]", "a\\", "x^"])
    func aBrokenQueryStringIsRefused(_ text: String) {
        #expect(throws: ElasticsearchError.self) {
            try QueryStringParser.parse(text, defaultFields: [], needsAll: false, now: Self.now)
        }
    }

    @Test(arguments: ["/a.*/", "roam~", "\"a b\"~2"])
    func whatIsNotKnownIsNamed(_ text: String) {
        let error = #expect(throws: ElasticsearchError.self) {
            try QueryStringParser.parse(text, defaultFields: [], needsAll: false, now: Self.now)
        }
        #expect(error?.reason.contains("not supported by the embedded backend") == true)
    }

    @Test func dateMathRoundsAndMoves() {
        func time(_ text: String, up: Bool = false) -> String? {
            guard let time = DateMath.nanoseconds(text, now: Self.now, roundsUp: up) else { return nil }
            let arena = ByteArena()
            Timestamp.write(time, fractionDigits: 3, to: arena)
            return arena.string
        }
        #expect(time("now") == "2026-11-22T12:30:00.000Z")
        #expect(time("now-1h+5m") == "2026-11-22T11:35:00.000Z")
        #expect(time("now/h") == "2026-11-22T12:00:00.000Z")
        #expect(time("now/d", up: true) == "2026-11-22T23:59:59.999Z")
        #expect(time("now/w") == "2026-11-16T00:00:00.000Z")
        #expect(time("now/M") == "2026-11-01T00:00:00.000Z")
        #expect(time("now/y") == "2026-01-01T00:00:00.000Z")
        #expect(time("2026-01-31||+1M") == "2026-02-28T00:00:00.000Z")
        #expect(time("2026-03-01T05:00:00Z||-1y/d") == "2025-03-01T00:00:00.000Z")
        #expect(time("now-x") == nil)
        #expect(time("tomorrow") == nil)
    }
}
