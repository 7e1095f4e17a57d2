// SPDX-License-Identifier: Apache-2.0

/// Addresses of destinations as people write them.
enum OutputAddress {
    /// `localhost`, `localhost:9200`, `http://10.0.0.1:9200/es/` become scheme, host, port and path, without a slash at
    /// the end; nil if the text is none of these.
    static func normalise(_ text: String, defaultPort: Int) -> String? {
        var scheme = "http"
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
}
