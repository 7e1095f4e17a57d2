// SPDX-License-Identifier: Apache-2.0

/// The bytes of one HTTP/1.1 message, as they came.
struct HTTPMessage {
    let bytes: [UInt8]
    let bodyStart: Int

    var head: String { String(decoding: bytes[..<bodyStart], as: UTF8.self) }
    var body: ArraySlice<UInt8> { bytes[bodyStart...] }

    /// Reads a message whose length its head says.
    ///
    /// - Parameters:
    ///   - rest: what was received before and not used; what is left over afterwards.
    ///   - isResponse: the answers 1xx, 204 and 304 have no body; without a length it lasts until the end.
    static func read(from socket: any Connection, rest: inout [UInt8], isResponse: Bool = false) -> HTTPMessage? {
        var bytes = rest
        rest = []
        var searched = 0
        var bodyStart: Int?
        while bodyStart == nil {
            bodyStart = end(ofHeadIn: bytes, from: max(0, searched - 3))
            searched = bytes.count
            if bodyStart == nil, !socket.receive(into: &bytes) { return nil }
        }
        guard let bodyStart else { return nil }
        let head = String(decoding: bytes[..<bodyStart], as: UTF8.self).lowercased()
        let length = value("content-length", in: head).flatMap { Int($0) }
        let isChunked = value("transfer-encoding", in: head) == "chunked"
        let hasNoBody = isResponse && [" 204", " 304", " 100"].contains { head.prefix(13).contains($0) }
        if let length, !isChunked {
            while bytes.count < bodyStart + length { if !socket.receive(into: &bytes) { return nil } }
            rest = Array(bytes[(bodyStart + length)...])
            bytes.removeSubrange((bodyStart + length)...)
        } else if isChunked {
            // Nobody here sends anything after the last chunk before the next request.
            while !bytes.suffix(5).elementsEqual("0\r\n\r\n".utf8) { if !socket.receive(into: &bytes) { return nil } }
        } else if isResponse, !hasNoBody {
            while socket.receive(into: &bytes) {}
        }
        return HTTPMessage(bytes: bytes, bodyStart: bodyStart)
    }

    private static func value(_ name: String, in head: String) -> String? {
        for line in head.split(separator: "\r\n") where line.hasPrefix(name + ":") {
            return line.dropFirst(name.count + 1).trimmingPrefix(" ").description
        }
        return nil
    }

    private static func end(ofHeadIn bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + 3 < bytes.count {
            if bytes[index] == 13, bytes[index + 1] == 10, bytes[index + 2] == 13, bytes[index + 3] == 10 {
                return index + 4
            }
            index += 1
        }
        return nil
    }
}
