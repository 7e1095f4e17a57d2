// SPDX-License-Identifier: Apache-2.0

/// An HTTP proxy: `http://user:password@host:port`. What it is described by holds no password.
package struct ProxyAddress: Sendable, Hashable, CustomStringConvertible {
    package let host: String
    package let port: Int
    /// `user:password` in base64, as `Proxy-Authorization: Basic` has it.
    let credentials: String?

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Why a text is no such address.
    package enum Problem: Error {
        case scheme
        case form
    }

    /// Reads an address; the scheme may be missing, and the port is 80 then, as in Go.
    package init(_ text: String) throws(Problem) {
        var rest = text[...]
        if let mark = text.firstRange(of: "://") {
            guard text[..<mark.lowerBound].lowercased() == "http" else { throw .scheme }
            rest = text[mark.upperBound...]
        }
        if let slash = rest.firstIndex(of: "/") { rest = rest[..<slash] }
        var credentials: String?
        if let at = rest.lastIndex(of: "@") {
            let pair = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = pair.map { Self.decode($0) }
            let bytes = (decoded.first ?? []) + [UInt8(ascii: ":")] + (decoded.count > 1 ? decoded[1] : [])
            credentials = Base64Text.encode(bytes)
            rest = rest[rest.index(after: at)...]
        }
        guard let normalised = OutputAddress.normalise("http://" + rest, defaultPort: 80),
            let parts = OutputAddress.parts(normalised)
        else { throw .form }
        host = parts.host
        port = parts.port
        self.credentials = credentials
    }

    private static func decode(_ text: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
