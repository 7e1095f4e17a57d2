// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Requests to a port of this machine, one connection each.
enum HTTPClient {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static func get(_ port: Int, _ path: String, _ parameters: [(String, String)] = []) throws -> HTTPMessage {
        try send(port, "GET", path, parameters, headers: [], body: [])
    }

    static func post(
        _ port: Int,
        _ path: String,
        json: String,
        parameters: [(String, String)] = []
    ) throws -> HTTPMessage {
        try send(
            port,
            "POST",
            path,
            parameters,
            headers: [("Content-Type", "application/json")],
            body: Array(json.utf8)
        )
    }

    /// The body of an answer 200, as JSON.
    static func object(_ message: HTTPMessage, _ what: String) throws -> [String: Any] {
        guard message.status == 200,
            let object = try JSONSerialization.jsonObject(with: Data(message.body)) as? [String: Any]
        else { throw Failure(description: "\(what): \(message.start): \(message.text.prefix(300))") }
        return object
    }

    static func send(
        _ port: Int,
        _ method: String,
        _ path: String,
        _ parameters: [(String, String)] = [],
        headers: [(String, String)],
        body: [UInt8] = []
    ) throws -> HTTPMessage {
        let socket = try Socket.connected(port: port, timeout: 60)
        defer { socket.close() }
        let query = parameters.map { "\($0)=\(encoded($1))" }.joined(separator: "&")
        var head = "\(method) \(path)\(query.isEmpty ? "" : "?" + query) HTTP/1.1\r\n"
        head += "Host: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if method != "GET" { head += "Content-Length: \(body.count)\r\n" }
        try socket.send(Array((head + "\r\n").utf8) + body)
        var rest: [UInt8] = []
        guard let message = try HTTPMessage.read(from: socket, rest: &rest, endsWithConnection: true) else {
            throw Failure(description: "\(method) \(path): the connection was closed without an answer")
        }
        return message
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            return character.isASCII && (character.isLetter || character.isNumber)
                ? String(character) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
