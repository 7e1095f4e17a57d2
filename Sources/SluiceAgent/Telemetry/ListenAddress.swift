// SPDX-License-Identifier: Apache-2.0

/// Where to listen: `127.0.0.1:9600`, `[::1]:9600`, `:9600` (loopback), `9600` (loopback).
package struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Nil if the text is no address. Port 0 asks the system for one.
    package init?(_ text: String) {
        let colon = text.lastIndex(of: ":")
        let portText = colon.map { text[$0...].dropFirst() } ?? text[...]
        var host = colon.map { String(text[..<$0]) } ?? ""
        guard let port = Int(portText), (0...65_535).contains(port) else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.contains(where: \.isWhitespace), !host.contains("/") else { return nil }
        self.host = host.isEmpty ? "127.0.0.1" : host
        self.port = port
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
