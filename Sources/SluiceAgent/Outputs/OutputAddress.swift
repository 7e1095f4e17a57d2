// SPDX-License-Identifier: Apache-2.0

/// Addresses of destinations as people write them.
enum OutputAddress {
    /// `localhost`, `localhost:9200`, `http://10.0.0.1:9200/es/` become scheme, host, port and path, without a slash at
    /// the end; nil if the text is none of these.
    static func normalise(_ text: String, defaultPort: Int, defaultScheme: String = "http") -> String? {
        var scheme = defaultScheme
        var rest = text[...]
        if let mark = text.firstRange(of: "://") {
            scheme = text[..<mark.lowerBound].lowercased()
            rest = text[mark.upperBound...]
        }
        guard scheme == "http" || scheme == "https" else { return nil }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var authority = rest[..<slash]
        var path = String(rest[slash...])
        while path.hasSuffix("/") { path.removeLast() }
        guard !authority.contains("@"), !path.contains(where: { $0.isWhitespace || $0 == "?" || $0 == "#" }) else {
            return nil
        }
        var port = defaultPort
        let hostEnd = authority.hasPrefix("[") ? authority.firstIndex(of: "]") : authority.startIndex
        guard let hostEnd else { return nil }
        if let colon = authority[hostEnd...].lastIndex(of: ":") {
            guard let written = Int(authority[colon...].dropFirst()), (1...65_535).contains(written) else { return nil }
            port = written
            authority = authority[..<colon]
        }
        guard !authority.isEmpty,
            authority.utf8.allSatisfy({ byte in
                (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a) || (byte >= 0x30 && byte <= 0x39)
                    || [0x2d, 0x2e, 0x5f, 0x5b, 0x5d, 0x3a].contains(byte)
            })
        else { return nil }
        return "\(scheme)://\(authority):\(port)\(path)"
    }
    /// Host, port and path of an address that was normalised; the host without brackets.
    static func parts(_ address: String) -> (isTLS: Bool, host: String, port: Int, path: String)? {
        guard let mark = address.firstRange(of: "://") else { return nil }
        let rest = address[mark.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        guard let colon = rest[..<slash].lastIndex(of: ":"), let port = Int(rest[colon..<slash].dropFirst()) else {
            return nil
        }
        let host = rest[..<colon].filter { $0 != "[" && $0 != "]" }
        return (address.hasPrefix("https:"), host, port, String(rest[slash...]))
    }

    /// Whether a host is an IP address and no name.
    static func isLiteral(_ host: String) -> Bool { IPAddress(host) != nil }
}
