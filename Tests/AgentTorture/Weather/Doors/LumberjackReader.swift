// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceCompression

/// Reads the windows of the Lumberjack protocol, version 2, from a connection.
struct LumberjackReader {
    private let connection: any Connection
    private var bytes: [UInt8] = []
    private var position = 0
    private let text = ByteArena(capacity: 1 << 20)

    init(_ connection: any Connection) { self.connection = connection }

    /// Whether a part of a window has been received already.
    var hasBytes: Bool { position < bytes.count }

    /// Reads a window, and hands over the JSON of each of its events.
    ///
    /// - Returns: how many there were; nil at the end of the connection, also if it comes in the middle.
    /// - Throws: `Failure` for what is not the protocol.
    mutating func window(_ each: (ByteView) -> Void) throws(Failure) -> Int? {
        guard let head = take(2), let total = number() else { return nil }
        guard head == Array("2W".utf8) else { throw Failure("a window began with \(head)") }
        text.removeAll()
        var frames = 0
        while frames < total {
            guard let head = take(2) else { return nil }
            switch head {
            case Array("2J".utf8):
                guard let sequence = number(), let length = number(), let json = take(length) else { return nil }
                guard sequence == frames + 1 else { throw Failure("event \(sequence) came after \(frames)") }
                json.withByteView { each($0) }
                frames += 1
            case Array("2C".utf8):
                guard let length = number(), let data = take(length) else { return nil }
                text.removeAll()
                do {
                    try data.withByteView { data throws(GzipError) in
                        try GzipDecompressor(windowBits: 15).decompress(data, to: text, limit: 1 << 28)
                    }
                } catch {
                    throw Failure("a compressed frame is none: \(error)")
                }
                frames += try Self.events(text.view, after: frames, each)
            default: throw Failure("a frame began with \(head)")
            }
        }
        guard frames == total else { throw Failure("\(frames) events came in a window of \(total)") }
        return total
    }

    private static func events(_ text: ByteView, after before: Int, _ each: (ByteView) -> Void) throws(Failure) -> Int {
        var place = 0
        var count = 0
        while place + 10 <= text.count {
            let (sequence, length) = (number(text, at: place + 2), number(text, at: place + 6))
            guard text[place] == UInt8(ascii: "2"), text[place + 1] == UInt8(ascii: "J"),
                sequence == before + count + 1, place + 10 + length <= text.count
            else { break }
            each(text[(place + 10)..<(place + 10 + length)])
            place += 10 + length
            count += 1
        }
        guard place == text.count else { throw Failure("a compressed frame is damaged after \(count) events") }
        return count
    }

    private static func number(_ text: ByteView, at place: Int) -> Int {
        (0..<4).reduce(0) { $0 << 8 | Int(text[place + $1]) }
    }

    private mutating func number() -> Int? { take(4)?.reduce(0) { $0 << 8 | Int($1) } }

    private mutating func take(_ count: Int) -> [UInt8]? {
        if position > 0, bytes.count - position < count {
            bytes.removeSubrange(..<position)
            position = 0
        }
        while bytes.count - position < count { if !connection.receive(into: &bytes) { return nil } }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }
}
