// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Cuts what comes through a stream into messages.
///
/// With `rfc6587` each message says for itself how it is framed (RFC 6587, section 3.4): `34 <13>…` is 34 bytes long,
/// and what begins otherwise goes to its line end. A count is one only if a message of syslog, `<`, follows it. With
/// `delimiter` all messages go to a delimiter. Empty messages are none. What is longer than allowed is cut, and the rest
/// passed over. One framer belongs to one connection.
package struct MessageFramer {
    package enum Framing: String, CaseIterable, Sendable {
        case delimiter, rfc6587
    }

    /// Is told of each message: its bytes, good until it returns, and whether they were cut.
    package typealias Receiver = (_ message: ByteView, _ isTruncated: Bool) -> Void

    private enum State {
        case start
        /// In digits that may be a count.
        case count(Int)
        /// After a count and a space.
        case counted(Int)
        case octets(left: Int)
        case line
    }

    private let framing: Framing
    private let delimiter: UInt8
    private let maximumBytes: Int
    private var state = State.start
    /// The part of a message that has come.
    private let carry = ByteArena(capacity: 256)
    private var isCut = false

    /// - Parameter maximumBytes: of a message.
    package init(_ framing: Framing, delimiter: UInt8 = 0x0a, maximumBytes: Int) {
        self.framing = framing
        self.delimiter = delimiter
        self.maximumBytes = max(1, maximumBytes)
    }

    /// Takes the next bytes.
    package mutating func append(_ bytes: ByteView, _ receive: Receiver) {
        var position = 0
        while position < bytes.count {
            switch state {
            case .start: begin(bytes, &position)
            case .count(let value): count(bytes, &position, value)
            case .counted(let length):
                if bytes[position] == UInt8(ascii: "<") {
                    carry.removeAll()
                    state = .octets(left: length)
                } else {
                    state = .line
                }
            case .octets(let left):
                let part = min(left, bytes.count - position)
                keep(bytes[position..<(position + part)])
                position += part
                state = .octets(left: left - part)
                if part == left { finishMessage(receive) }
            case .line:
                let rest = bytes[position..<bytes.count]
                if let length = rest.firstIndex(of: delimiter) {
                    keep(rest[0..<length])
                    position += length + 1
                    finishMessage(receive)
                } else {
                    keep(rest)
                    position = bytes.count
                }
            }
        }
    }

    /// The stream has ended: what has come of a last message is one.
    package mutating func finish(_ receive: Receiver) {
        if case .octets(let left) = state, left > 0 { isCut = true }
        finishMessage(receive)
    }

    private mutating func begin(_ bytes: ByteView, _ position: inout Int) {
        let byte = bytes[position]
        if byte == delimiter || (byte == 0x0d && delimiter == 0x0a) {
            // Between messages, and senders that count and end lines as well.
            position += 1
        } else if framing == .rfc6587, byte >= UInt8(ascii: "1"), byte <= UInt8(ascii: "9") {
            state = .count(0)
        } else {
            state = .line
        }
    }

    private mutating func count(_ bytes: ByteView, _ position: inout Int, _ value: Int) {
        let byte = bytes[position]
        if byte &- 0x30 < 10, value < 100_000_000 {
            keep(bytes[position..<(position + 1)])
            position += 1
            state = .count(value * 10 + Int(byte - 0x30))
        } else if byte == 0x20 {
            keep(bytes[position..<(position + 1)])
            position += 1
            state = .counted(value)
        } else {
            state = .line
        }
    }

    private mutating func keep(_ bytes: ByteView) {
        // A few more, so that the cut can be made between characters.
        let room = maximumBytes + 4 - carry.count
        carry.append(bytes.count <= room ? bytes : bytes[0..<max(0, room)])
        if bytes.count > room { isCut = true }
    }

    private mutating func finishMessage(_ receive: Receiver) {
        var message = carry.view
        if case .line = state, delimiter == 0x0a, message.count > 0, message[message.count - 1] == 0x0d, !isCut {
            message = message[0..<(message.count - 1)]
        }
        if message.count > maximumBytes {
            message = message[0..<UTF8Sequence.cut(message, to: maximumBytes)]
            isCut = true
        }
        if !message.isEmpty { receive(message, isCut) }
        carry.removeAll()
        if carry.capacity > 64 << 10 { carry.shrink(to: 256) }
        isCut = false
        state = .start
    }
}
