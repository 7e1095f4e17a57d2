// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluicePatterns
import TestSupport
import Testing

@Suite struct RegularExpressionTests {
    private func matches(_ pattern: String, _ text: String, isWhole: Bool = false) throws -> Bool {
        try RegularExpression(pattern, isWhole: isWhole).makeMatcher().matches(text)
    }

    /// What Go's RE2 knows means the same.
    @Test(arguments: [
        (#"^\["#, "[2026-11-22] x", true), (#"^\["#, " [", false),
        ("^[[:space:]]", "\tat x", true), ("^[[:space:]]", "at x", false),
        (#"^\d{4}-\d{2}-\d{2}"#, "2026-11-22T", true), (#"^\d{4}-\d{2}-\d{2}"#, "2026-1-22T", false),
        (#"^[[:space:]]+(at|\.{3})[[:space:]]+\b|^Caused by:"#, "    at a.b(C.java:1)", true),
        (#"^[[:space:]]+(at|\.{3})[[:space:]]+\b|^Caused by:"#, "Caused by: x", true),
        (#"^[[:space:]]+(at|\.{3})[[:space:]]+\b|^Caused by:"#, "done", false),
        (#"\\$"#, #"goes on \"#, true), (#"\\$"#, #"\ ends"#, false),
        (#"^(?P<level>DBG|ERR)"#, "ERR x", true), (#"^(?:DBG|ERR)"#, "WRN", false),
        ("(?i)error", "an ERROR", true), ("(?i:É)", "é", true),
        // The end is the end; a line feed is like any other character before it.
        ("a$", "a\n", false), (#"a\z"#, "a\n", false), ("(?m)a$", "a\nb", true), ("(?m)^b", "a\nb", true),
        ("^b", "a\nb", false),
        ("a.b", "a\nb", false), ("(?s)a.b", "a\nb", true), ("a.b", "a\rb", true),
        // Classes are ASCII, properties are not.
        (#"^\d$"#, "٣", false), (#"^\pN$"#, "٣", true), (#"^\p{Greek}+$"#, "λόγος", true), (#"^\PL$"#, "1", true),
        (#"^\w$"#, "é", false), (#"^[[:alpha:]]$"#, "é", false), (#"^\p{L}$"#, "é", true),
        (#"^[[:^alpha:]]$"#, "é", true),
        (#"^.$"#, "é", true), (#"^\x{1F600}$"#, "😀", true), (#"\Q.*\E"#, "a.*b", true), (#"\Q.*\E"#, "ab", false),
        (#"[\d\-]+\s\_"#, "1-2 _", true), ("", "x", true), ("", "", true),
    ])
    func commonPatternsMeanWhatTheyMeanInGo(_ pattern: String, _ text: String, _ isMatch: Bool) throws {
        #expect(try matches(pattern, text) == isMatch)
    }

    @Test func aWholeMatchLeavesNothingOut() throws {
        #expect(try matches("a|ab", "ab", isWhole: true))
        #expect(try !matches("a|b", "ab", isWhole: true))
        #expect(try !matches("a", "a\n", isWhole: true))
        #expect(try RegularExpression("STRASSE", ignoresCase: true).makeMatcher().matches("strasse"))
    }

    @Test(arguments: [
        ("(", 1, "close it with ')'"), ("a)", 1, #"write '\)'"#), ("[a", 2, "close it with ']'"),
        ("*a", 0, #"write '\*'"#),
        (#"a\"#, 2, #"write '\\'"#), (#"\y"#, 1, #"write '\\'"#), ("[[:spce:]]", 3, "known are alnum"),
        ("[:space:]", 0, "two pairs of brackets"), (#"\p{Klingon}"#, 11, #"'\pN'"#), (#"\C"#, 2, "(?s:.)"),
        ("a{3,2}", 5, "smaller number first"), ("[z-a]", 3, "smaller character first"), ("(?<=a+)b", 0, "fixed length"),
        ("(?P=x", 5, nil), ("(?~a)", 2, "groups are"),
    ])
    func aWrongPatternSaysWhereAndWhatToWrite(_ pattern: String, _ offset: Int, _ words: String?) {
        do {
            _ = try RegularExpression(pattern)
            Issue.record("'\(pattern)' was taken")
        } catch {
            #expect(error.offset == offset)
            #expect(error.pattern == pattern && !error.reason.isEmpty)
            #expect(error.description.hasPrefix("error parsing regexp: "))
            if let words {
                #expect(error.suggestion?.contains(words) == true, "\(error.suggestion ?? "nothing")")
            } else {
                #expect(error.suggestion == nil)
            }
        }
    }

    @Test func aPatternThatNeedsTooLongIsGivenUp() throws {
        let matcher = try RegularExpression("^(a+)+$").makeMatcher()
        let text = String(repeating: "a", count: 40) + "b"
        #expect(throws: RegularExpression.Failure.self) { try matcher.matches(text) }
        #expect(try matcher.matches("aaa"))
    }

    @Test func whatNeedsMuchStackIsMatchedOrGivenUp() throws {
        let matcher = try RegularExpression("^(?:a|ab|abc)*d").makeMatcher()
        let text = String(repeating: "a", count: 5000) + "d"
        #expect(try matcher.matches(text))
        let longer = String(repeating: "abc", count: 2_000_000) + "d"
        let outcome = Result { try matcher.matches(longer) }
        if case .success(let isMatch) = outcome { #expect(isMatch) }
        #expect(try matcher.matches("abcd"))
    }

    /// Bytes that are no text neither match nor hurt, wherever they stand.
    @Test func anyBytesMayBeMatched() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        let patterns = ["é+", "a.b", #"^\W*$"#, "[^a]b", #"(?i)ÄB"#, #"\p{L}\z"#, #"(?<=.)x"#]
        let matchers = try patterns.map { try RegularExpression($0).makeMatcher() }
        let pieces: [[UInt8]] = [
            [0xff], [0xc3], [0xa9], [0xc3, 0xa9], [0xed, 0xa0, 0x80], [0xf0, 0x9f], [0x00], Array("a".utf8),
            Array("b".utf8),
            Array("x".utf8), Array("äB".utf8),
        ]
        for _ in 0..<3000 {
            let bytes = (0..<random.below(12)).flatMap { _ in random.pick(pieces) }
            for matcher in matchers { _ = try bytes.withByteView { view in try matcher.matches(view) } }
            // Around them, what is text is found as ever.
            let isFound = try (bytes + [0xff] + Array("é".utf8)).withByteView { view in try matchers[0].matches(view) }
            #expect(isFound, "seed \(seed), bytes \(bytes)")
        }
        let isMatch = try [0x61, 0xff, 0x62].withByteView { view in try matchers[1].matches(view) }
        #expect(!isMatch)
    }

    @Test func aPatternIsSharedByThreads() async throws {
        let expression = try RegularExpression(#"^(\d+)-(\w+) .*end$"#)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<4 {
                group.addTask {
                    let matcher = try expression.makeMatcher()
                    var count = 0
                    for number in 0..<2000
                    where try matcher.matches("\(number)-t\(task) \(number % 2 == 0 ? "end" : "")") {
                        count += 1
                    }
                    return count
                }
            }
            for try await count in group { #expect(count == 1000) }
        }
    }
}
