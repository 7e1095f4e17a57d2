// SPDX-License-Identifier: Apache-2.0

/// Where a Logstash listens.
package struct LogstashHost: Sendable, Equatable, CustomStringConvertible {
    package var name: String
    package var port: Int

    /// The port of Logstash's input `beats` in all documentation.
    package static let defaultPort = 5044

    /// Reads `logstash.example.org`, `10.0.0.1:5044`, `[::1]:5044` or `::1`; nil if the text is none of these.
    package init?(_ text: String) {
        var name = text[...]
        var port: Substring?
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            name = text[text.index(after: text.startIndex)..<end]
            let rest = text[end...].dropFirst()
            guard rest.isEmpty || rest.first == ":", name.contains(":") else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":"), text[colon...].dropFirst().firstIndex(of: ":") == nil {
            name = text[..<colon]
            port = text[colon...].dropFirst()
        }
        guard !name.isEmpty, !name.contains(where: { $0.isWhitespace || "/@?#[]".contains($0) }) else { return nil }
        self.name = String(name)
        guard let port else {
            self.port = Self.defaultPort
            return
        }
        guard let number = Int(port), (1...65535).contains(number), port.allSatisfy(\.isNumber) else { return nil }
        self.port = number
    }

    package var description: String { name.contains(":") ? "[\(name)]:\(port)" : "\(name):\(port)" }
}
