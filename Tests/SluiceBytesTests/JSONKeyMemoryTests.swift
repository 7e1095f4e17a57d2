// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import Testing

/// An index that remembers keys finds what one without a memory finds, whatever came before.
@Suite struct JSONKeyMemoryTests {
    private struct Child: Equatable {
        var key: Range<Int>
        var value: Range<Int>
        var kind: JSONKind
        var isEscaped: Bool
    }

    private func scan(_ text: String, into index: JSONIndex) throws -> [Child] {
        try text.withByteView { text in
            try JSONScanner.scan(text, into: index)
            return index.children.map {
                Child(key: $0.key, value: $0.value, kind: $0.kind, isEscaped: $0.keyIsEscaped)
            }
        }
    }

    /// Neighbours differ in one thing each: a byte at the beginning, the middle or the end of a key, white space of
    /// another length, an escape, a line feed, a member more or less.
    private static let lines = [
        #"{"timestamp":"a","execution_time_seconds":1,"level":"x"}"#,
        #"{"timestamp":"a","execution_time_seconds":1,"level":"x"}"#,
        #"{"timestamp":"a","execution_tyme_seconds":1,"level":"x"}"#,
        #"{"timestamp":"a","execution_time_secondz":1,"level":"x"}"#,
        #"{"timestamp":"a","fxecution_time_seconds":1,"level":"x"}"#,
        #"{"timestamp": "a", "execution_time_seconds": 1, "level": "x"}"#,
        #"{"timestamp":  "a",  "execution_time_seconds":   1,"level":"x" }"#,
        "{\"timestamp\":\n\"a\",\n\"execution_time_seconds\":1,\"level\":\"x\"}",
        #"{"timest\u0061mp":"a","level":"x"}"#,
        #"{"timestamp":"a"}"#,
        #"{}"#,
        #"{"timestamp":"a","level":{"level":1},"level":"x","a":1}"#,
        #"{"timestamp":"a","a_key_that_is_longer_than_what_is_remembered":1,"level":"x"}"#,
        #"{"timestamp":"a","a_key_that_is_longer_than_what_is_rememberee":1,"level":"x"}"#,
    ]

    @Test func whatCameBeforeDoesNotMatter() throws {
        for before in Self.lines {
            for line in Self.lines {
                let remembering = JSONIndex(remembersKeys: true)
                _ = try scan(before, into: remembering)
                let children = try scan(line, into: remembering)
                #expect(children == (try scan(line, into: JSONIndex())), "\(before) then \(line)")
                #expect(remembering.hasLineFeed == line.contains("\n"), "\(before) then \(line)")
            }
        }
    }

    @Test func oneSerialIsOneKey() throws {
        let index = JSONIndex(remembersKeys: true)
        var keys: [UInt32: String] = [:]
        for _ in 0..<3 {
            for line in Self.lines {
                _ = try scan(line, into: index)
                for child in index.children where child.keySerial != 0 {
                    let key = line.withByteView { $0[child.key].string }
                    #expect(keys[child.keySerial, default: key] == key)
                    keys[child.keySerial] = key
                }
            }
        }
        #expect(!keys.isEmpty)
    }

    @Test func aKnownKeyDoesNotExcuseWhatFollows() throws {
        let index = JSONIndex(remembersKeys: true)
        let line = #"{"timestamp":"a","level":"x"}"#
        for broken in [
            #"{"timestamp":"a","level":}"#, #"{"timestamp":"a","level":"#, #"{"timestamp":,"level":"x"}"#,
            #"{"timestamp":"a","level":"x""#, #"{,"level":"x"}"#, #"{"timestamp":"a",,"level":"x"}"#,
        ] {
            _ = try scan(line, into: index)
            #expect(throws: JSONError.self, "\(broken)") { try scan(broken, into: index) }
        }
    }
}
