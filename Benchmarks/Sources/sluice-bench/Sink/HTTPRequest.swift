// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The head of a request: what the sink needs of it.
struct HTTPRequest {
    var method: String
    /// Without the query.
    var path: String
    var query: String
    /// The body's length, or nil for none and for chunks.
    var length: Int?
    var isChunked = false
    var encoding = ""
    var contentType = ""
    var expectsContinue = false
    var closes = false

    /// - Parameter head: the request line and the headers, with the empty line behind them.
    init?(head: ByteView) {
        let lines = head.string.split(whereSeparator: \.isNewline)
        guard let words = lines.first?.split(separator: " "), words.count == 3 else { return nil }
        method = String(words[0])
        let target = words[1].split(separator: "?", maxSplits: 1)
        path = target.first.map(String.init) ?? "/"
        query = target.count > 1 ? String(target[1]) : ""
        closes = words[2] == "HTTP/1.0"
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let name = line[..<colon].lowercased()
            let value = line[line.index(after: colon)...].drop { $0 == " " }.lowercased()
            switch name {
            case "content-length":
                guard let number = Int(value), number >= 0 else { return nil }
                length = number
            case "transfer-encoding": isChunked = value.contains("chunked")
            case "content-encoding": encoding = value
            case "content-type": contentType = value
            case "expect": expectsContinue = value.contains("100-continue")
            case "connection":
                if value.contains("close") { closes = true } else if value.contains("keep-alive") { closes = false }
            default: break
            }
        }
    }
}
