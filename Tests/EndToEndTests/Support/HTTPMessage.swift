// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceCompression

/// A request or a response of HTTP/1.1, as far as these tests need it.
struct HTTPMessage: Sendable {
    struct Malformed: Error {}

    /// The request line or the status line.
    let start: String
    /// By lower-case names.
    let headers: [String: String]
    /// As sent, but for chunked encoding.
    let body: [UInt8]

    var status: Int { Int(start.split(separator: " ").dropFirst().first ?? "") ?? 0 }
    var method: String { String(start.prefix { $0 != " " }) }
    /// Path and query.
    var target: String { String(start.split(separator: " ").dropFirst().first ?? "") }
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body, decompressed where it is gzip.
    func plainBody() throws -> [UInt8] {
        guard headers["content-encoding"] == "gzip" else { return body }
        let arena = ByteArena(capacity: body.count * 4)
        let gzip = try GzipDecompressor()
        try body.withByteView { view throws(GzipError) in try gzip.decompress(view, to: arena, limit: 1 << 30) }
        return arena.view.array
    }

    /// Reads one message.
    ///
    /// - Parameters:
    ///   - rest: what has been read and belongs to the next message.
    ///   - endsWithConnection: that a message without a length goes on to the connection's end, as responses do.
    /// - Returns: nil where the connection ends before the message begins.
    static func read(from socket: Socket, rest: inout [UInt8], endsWithConnection: Bool) throws -> HTTPMessage? {
        var buffer = rest
        var searched = 0
        var head: Int?
        while head == nil {
            head = endOfHead(buffer, from: max(0, searched - 3))
            searched = buffer.count
            guard head == nil else { break }
            let bytes = try socket.receive()
            if bytes.isEmpty {
                guard buffer.isEmpty else { throw Malformed() }
                return nil
            }
            buffer += bytes
        }
        guard let head else { throw Malformed() }
        let lines = String(decoding: buffer[..<head], as: UTF8.self).split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        var body = Array(buffer[(head + 4)...])
        let next = try self.body(&body, headers: headers, socket: socket, endsWithConnection: endsWithConnection)
        rest = next
        return HTTPMessage(start: String(lines.first ?? ""), headers: headers, body: body)
    }

    /// Completes a body of which the beginning has been read.
    ///
    /// - Returns: what follows it.
    private static func body(
        _ body: inout [UInt8],
        headers: [String: String],
        socket: Socket,
        endsWithConnection: Bool
    ) throws -> [UInt8] {
        if headers["transfer-encoding"]?.lowercased() == "chunked" {
            var raw = body
            body = []
            var position = 0
            while true {
                while true {
                    if let line = raw[position...].firstIndex(of: 10) {
                        let text = String(decoding: raw[position..<line], as: UTF8.self)
                        guard let size = Int(text.prefix { $0.isHexDigit }, radix: 16) else { throw Malformed() }
                        if raw.count >= line + 1 + size + 2 {
                            body += raw[(line + 1)..<(line + 1 + size)]
                            position = line + 1 + size + 2
                            if size == 0 { return Array(raw[position...]) }
                            break
                        }
                    }
                    let bytes = try socket.receive()
                    guard !bytes.isEmpty else { throw Malformed() }
                    raw += bytes
                }
            }
        }
        if let length = headers["content-length"].flatMap({ Int($0) }) {
            while body.count < length {
                let bytes = try socket.receive()
                guard !bytes.isEmpty else { throw Malformed() }
                body += bytes
            }
            let rest = Array(body[length...])
            body.removeSubrange(length...)
            return rest
        }
        guard endsWithConnection else {
            let rest = body
            body = []
            return rest
        }
        while true {
            let bytes = try socket.receive()
            if bytes.isEmpty { return [] }
            body += bytes
        }
    }

    private static func endOfHead(_ bytes: [UInt8], from: Int) -> Int? {
        var index = from
        while index + 3 < bytes.count {
            if bytes[index] == 13, bytes[index + 1] == 10, bytes[index + 2] == 13, bytes[index + 3] == 10 {
                return index
            }
            index += 1
        }
        return nil
    }
}
