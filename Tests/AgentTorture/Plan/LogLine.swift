// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import TestSupport

/// The lines of the test. The message of line `number` of a writer is always the same, and says which it is.
struct LogLine {
    let seed: UInt64
    let format: LineFormat
    /// About the most bytes that a message has.
    var longest = Int.max

    private static let pieces: [[UInt8]] = [
        "x", " served", "0123456789abcdef", "é", "世界", "🙂", "\"quoted\"", "C:\\path\\", "\t", "{\"a\":[1,2]}",
        "\\u00e9", " ",
    ].map { Array($0.utf8) }

    /// Writes `w017 n0000042 …`.
    static func writeMessage(seed: UInt64, writer: Int, number: Int, longest: Int = .max, to arena: ByteArena) {
        arena.append("w")
        writePadded(writer, 3, to: arena)
        arena.append(" n")
        writePadded(number, 7, to: arena)
        arena.append(UInt8(ascii: " "))
        var random = SplitMix64(seed: seed ^ UInt64(writer) << 40 ^ UInt64(number))
        let end = arena.count + min(longest, length(&random))
        while arena.count < end {
            let piece = random.pick(pieces)
            // Long lines are made of long pieces, or making them would take longer than shipping them.
            for _ in 0..<(end - arena.count > 4096 ? 64 : 1) { arena.append(piece) }
        }
        arena.append(" end")
    }

    /// Mostly short; some longer than a line may be at Loki, and than what the agent reads in one turn.
    private static func length(_ random: inout SplitMix64) -> Int {
        switch random.below(8000) {
        case 0: 262_145 + random.below(340_000)
        case 1..<16: 4096 + random.below(36_000)
        case 16..<400: 200 + random.below(3900)
        default: random.below(200)
        }
    }

    private static func writePadded(_ number: Int, _ digits: Int, to arena: ByteArena) {
        let text = String(number)
        for _ in 0..<max(0, digits - text.utf8.count) { arena.append(UInt8(ascii: "0")) }
        arena.append(text)
    }

    /// Writes the whole line with its end.
    ///
    /// - Parameter time: nanoseconds since 1970.
    func write(writer: Int, number: Int, time: Int64, to arena: ByteArena) {
        switch format {
        case .plain: Self.writeMessage(seed: seed, writer: writer, number: number, longest: longest, to: arena)
        case .json:
            let message = ByteArena(capacity: 512)
            Self.writeMessage(seed: seed, writer: writer, number: number, longest: longest, to: message)
            arena.append("{\"timestamp\":\"")
            // Half of them have whole seconds only, as many services do.
            Timestamp.write(time, fractionDigits: number % 2 == 0 ? 6 : 0, to: arena)
            arena.append("\",\"level\":\"INFO\",\"message\":")
            _ = arena.appendJSONString(message.view)
            arena.append("}")
        }
        arena.append(UInt8(ascii: "\n"))
    }

    /// Writer and number of a message, or nil if it is none.
    static func identify(_ message: ByteView) -> (writer: Int, number: Int)? {
        guard message.count > 14, message[0] == UInt8(ascii: "w"), message[5] == UInt8(ascii: "n"),
            let writer = digits(message[1..<4]), let number = digits(message[6..<13])
        else { return nil }
        return (writer, number)
    }

    private static func digits(_ text: ByteView) -> Int? {
        var value = 0
        for index in 0..<text.count {
            guard (0x30...0x39).contains(text[index]) else { return nil }
            value = value * 10 + Int(text[index] - 0x30)
        }
        return value
    }
}
