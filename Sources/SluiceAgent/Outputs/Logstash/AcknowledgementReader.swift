// SPDX-License-Identifier: Apache-2.0

/// Reads the only frame that a server of the Lumberjack protocol sends: `2A` and the number of the last event it has
/// taken, in 32 bits, the most significant byte first. However the bytes are cut.
package struct AcknowledgementReader: Sendable {
    package enum Step: Equatable, Sendable {
        /// The frame goes on.
        case unfinished
        case acknowledgement(UInt32)
        /// The byte cannot stand here. What follows means nothing.
        case unknown(String)
    }

    private var count = 0
    private var value: UInt32 = 0

    package init() {}

    package mutating func read(_ byte: UInt8) -> Step {
        switch count {
        case 0:
            guard byte == LumberjackFrame.version else { return .unknown("a frame of version \(Self.shown(byte))") }
        case 1:
            guard byte == UInt8(ascii: "A") else { return .unknown("a frame of type \(Self.shown(byte))") }
        default:
            value = value << 8 | UInt32(byte)
        }
        count += 1
        guard count == 6 else { return .unfinished }
        defer { self = AcknowledgementReader() }
        return .acknowledgement(value)
    }

    private static func shown(_ byte: UInt8) -> String {
        (0x21...0x7e).contains(byte) ? "'\(Character(Unicode.Scalar(byte)))'" : "\(byte)"
    }
}
