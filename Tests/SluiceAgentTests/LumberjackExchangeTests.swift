// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("Windows and acknowledgements on one connection")
struct LumberjackExchangeTests {
    private typealias Event = LumberjackExchange.Event
    private typealias Cut = LumberjackExchange.Cut

    private static func acknowledgement(_ sequence: UInt32) -> [UInt8] {
        [UInt8(ascii: "2"), UInt8(ascii: "A")] + (0..<4).map { UInt8(truncatingIfNeeded: sequence >> (24 - 8 * $0)) }
    }

    /// Two windows, 7 with 300 events and 8 with 2.
    private func exchange() -> LumberjackExchange {
        var exchange = LumberjackExchange()
        exchange.write(7, events: 300)
        exchange.write(8, events: 2)
        return exchange
    }

    struct Row: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var sequences: [UInt32]
        var events: [LumberjackExchange.Event]
        var left: [LumberjackExchange.Cut]
    }

    static let rows: [Row] = [
        Row(
            testDescription: "nothing",
            sequences: [],
            events: [],
            left: [.init(window: 7, acknowledged: 0), .init(window: 8, acknowledged: 0)]
        ),
        Row(
            testDescription: "both at once",
            sequences: [300, 2],
            events: [.acknowledged(7), .acknowledged(8)],
            left: []
        ),
        Row(
            testDescription: "keepalives around progress",
            sequences: [0, 0, 100, 0, 299, 300, 0, 1, 2, 0],
            events: [
                .alive, .alive, .alive, .alive, .alive, .acknowledged(7), .alive, .alive, .acknowledged(8), .alive,
            ],
            left: []
        ),
        Row(
            testDescription: "the progress of the first is kept",
            sequences: [256],
            events: [.alive],
            left: [.init(window: 7, acknowledged: 256), .init(window: 8, acknowledged: 0)]
        ),
        Row(
            testDescription: "no step back",
            sequences: [200, 100],
            events: [.alive, .alive],
            left: [.init(window: 7, acknowledged: 200), .init(window: 8, acknowledged: 0)]
        ),
        Row(
            testDescription: "the second is cut",
            sequences: [300, 1],
            events: [.acknowledged(7), .alive],
            left: [.init(window: 8, acknowledged: 1)]
        ),
        Row(
            testDescription: "beyond the window, and all that follows means nothing",
            sequences: [5, 301, 300],
            events: [.alive, .violation("it acknowledged event 301 of a window of 300")],
            left: [.init(window: 7, acknowledged: 5), .init(window: 8, acknowledged: 0)]
        ),
        Row(
            testDescription: "more than there is",
            sequences: [300, 2, 1],
            events: [
                .acknowledged(7), .acknowledged(8), .violation("it acknowledged event 1, and no window is under way"),
            ],
            left: []
        ),
        Row(
            testDescription: "the largest number",
            sequences: [.max],
            events: [.violation("it acknowledged event 4294967295 of a window of 300")],
            left: [.init(window: 7, acknowledged: 0), .init(window: 8, acknowledged: 0)]
        ),
    ]

    @Test(arguments: rows)
    func acknowledgements(_ row: Row) {
        let bytes = row.sequences.flatMap(Self.acknowledgement)
        var whole = exchange()
        #expect(whole.receive(bytes) == row.events)
        #expect(whole.end() == row.left)
        #expect(whole.isIdle)
        // The same, cut at every byte.
        for cut in 0...bytes.count {
            var pieces = exchange()
            let events = pieces.receive(bytes[..<cut]) + pieces.receive(bytes[cut...])
            #expect(events == row.events, "cut at \(cut)")
            #expect(pieces.end() == row.left, "cut at \(cut)")
        }
        var single = exchange()
        #expect(bytes.flatMap { single.receive([$0]) } == row.events)
        #expect(single.end() == row.left)
    }

    @Test(
        "What is no acknowledgement ends it at the first wrong byte",
        arguments: [
            ("HTTP/1.1 400 Bad Request", "a frame of version 'H'"), ("1A\0\0\0\u{1}", "a frame of version '1'"),
            ("2W\0\0\0\u{1}", "a frame of type 'W'"), ("\u{15}\u{3}", "a frame of version 21"),
        ]
    )
    func rubbish(text: String, reason: String) {
        let good = Self.acknowledgement(10)
        var exchange = exchange()
        #expect(
            exchange.receive(good + Array(text.utf8) + Self.acknowledgement(300))
                == [.alive, .violation("it sent \(reason), which is no acknowledgement")]
        )
        #expect(exchange.end().first == Cut(window: 7, acknowledged: 10))
    }

    @Test("A half acknowledgement is none")
    func half() {
        for count in 0..<6 {
            var exchange = exchange()
            #expect(exchange.receive(Self.acknowledgement(300)[..<count]).isEmpty)
            #expect(exchange.end().count == 2)
        }
    }
}
