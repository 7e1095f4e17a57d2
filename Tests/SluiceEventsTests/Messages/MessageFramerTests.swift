// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import TestSupport
import Testing

@Suite struct MessageFramerTests {
    /// The messages of a stream that comes in pieces; those that were cut end in `…`.
    private func frame(
        _ pieces: [[UInt8]],
        _ framing: MessageFramer.Framing = .rfc6587,
        delimiter: UInt8 = 0x0a,
        maximumBytes: Int = 1000
    ) -> [String] {
        var framer = MessageFramer(framing, delimiter: delimiter, maximumBytes: maximumBytes)
        var messages: [String] = []
        for piece in pieces {
            piece.withByteView { view in framer.append(view) { messages.append($0.string + ($1 ? "…" : "")) } }
        }
        framer.finish { messages.append($0.string + ($1 ? "…" : "")) }
        return messages
    }

    private static let streams: [(String, [String])] = [
        ("", []), ("\n\r\n", []), ("a", ["a"]), ("a\nb\r\nc", ["a", "b", "c"]),
        // RFC 6587, sections 3.4.1 and 3.4.2.
        ("9 <13>hello9 <13>world", ["<13>hello", "<13>world"]),
        ("<13>hello\n<13>world\n", ["<13>hello", "<13>world"]),
        // Both in one stream, and line ends behind counted messages.
        ("9 <13>hello\n<13>a\n10 <13>b\nc\n<13>d\n", ["<13>hello", "<13>a", "<13>b\nc\n<1", "3>d"]),
        ("11 <13>b\nc\nd\n\n<13>d\n", ["<13>b\nc\nd\n\n", "<13>d"]),
        // What only looks like a count.
        ("2026-11-24 text\n12 apples\n7\n12 ", ["2026-11-24 text", "12 apples", "7", "12 "]),
        ("0 <13>x\n", ["0 <13>x"]), ("99999999999 <13>x\n", ["99999999999 <13>x"]),
        // The stream ends within a message.
        ("20 <13>hello", ["<13>hello…"]), ("5 <13>", ["<13>…"]),
    ]

    @Test(arguments: streams)
    func isFramed(_ stream: String, _ expected: [String]) {
        #expect(frame([Array(stream.utf8)]) == expected)
    }

    /// However the bytes come, the messages are the same.
    @Test func piecesDoNotMatter() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SplitMix64(seed: seed)
        for (stream, expected) in Self.streams {
            let bytes = Array(stream.utf8)
            #expect(frame(bytes.map { [$0] }) == expected, "\(stream), byte by byte")
            for _ in 0..<50 {
                var pieces: [[UInt8]] = []
                var rest = bytes[...]
                while !rest.isEmpty {
                    let count = 1 + generator.below(rest.count)
                    pieces.append(Array(rest.prefix(count)))
                    rest = rest.dropFirst(count)
                }
                #expect(frame(pieces) == expected, "seed \(seed): \(stream)")
            }
        }
    }

    @Test func whatIsTooLongIsCutAndTheRestPassedOver() {
        #expect(frame([Array("abcdef\nab\n".utf8)], maximumBytes: 4) == ["abcd…", "ab"])
        #expect(frame([Array("12 <13>abcdefgh3 <1>".utf8)], maximumBytes: 5) == ["<13>a…", "<1>"])
        #expect(frame([Array("abcé\n".utf8)], maximumBytes: 4) == ["abc…"], "not within a character")
        #expect(frame([Array("abcd\r\n".utf8)], maximumBytes: 4) == ["abcd"])
        #expect(
            frame([Array((String(repeating: "x", count: 300_000) + "\ny\n").utf8)], maximumBytes: 2) == ["xx…", "y"]
        )
    }

    @Test func aDelimiterOfOnesOwn() {
        #expect(frame([Array("a\nb\0c\r\0".utf8)], .delimiter, delimiter: 0) == ["a\nb", "c\r"])
        #expect(frame([Array("9 <13>hello\n".utf8)], .delimiter) == ["9 <13>hello"])
    }
}
