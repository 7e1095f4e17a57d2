// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The proxies that the environment names.
///
/// Source: Go's `golang.org/x/net/http/httpproxy`, which Filebeat goes by. `https_proxy` for addresses with https,
/// `http_proxy` for the others, in capitals first; `no_proxy` lists what is reached without: `*`, names with all below
/// them, `.name` for what is below alone, addresses and networks (`10.0.0.0/8`), each perhaps with a port. Localhost
/// and loopback addresses never go through a proxy of the environment.
package struct ProxyEnvironment: Sendable {
    private let plain: ProxyAddress?
    private let secure: ProxyAddress?
    private let exceptions: [Substring]
    /// Variables whose value is no proxy that can be used.
    package let unusable: [String]

    /// - Parameter value: of an environment variable by its name.
    package init(_ value: (String) -> String?) {
        var unusable: [String] = []
        func proxy(_ name: String) -> ProxyAddress? {
            for name in [name.uppercased(), name] {
                guard let text = value(name), !text.isEmpty else { continue }
                do {
                    return try ProxyAddress(text)
                } catch {
                    unusable.append(name)
                    return nil
                }
            }
            return nil
        }
        plain = proxy("http_proxy")
        secure = proxy("https_proxy")
        let list = [value("NO_PROXY"), value("no_proxy")].compactMap(\.self).first { !$0.isEmpty } ?? ""
        exceptions = list.split { $0 == "," || $0.isWhitespace }
        self.unusable = unusable
    }

    /// That of this process.
    static var ofThisProcess: ProxyEnvironment {
        ProxyEnvironment { name in unsafe getenv(name).map { unsafe String(cString: $0) } }
    }

    /// The proxy for an address; nil if it is reached directly.
    package func proxy(isTLS: Bool, host: String, port: Int) -> ProxyAddress? {
        guard let proxy = isTLS ? secure : plain else { return nil }
        var name = host.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        let address = IPAddress(name)
        if name == "localhost" || address?.isLoopback == true { return nil }
        return exceptions.contains { Self.matches($0.lowercased(), name, address, port) } ? nil : proxy
    }

    private static func matches(_ exception: String, _ name: String, _ address: IPAddress?, _ port: Int) -> Bool {
        if exception == "*" { return true }
        if let slash = exception.firstIndex(of: "/") {
            guard let address, let network = IPAddress(String(exception[..<slash])),
                let bits = Int(exception[slash...].dropFirst())
            else { return false }
            return network.agrees(with: address, bits: bits)
        }
        var pattern = exception[...]
        if IPAddress(exception) == nil, let colon = exception.lastIndex(of: ":"),
            let written = Int(exception[colon...].dropFirst())
        {
            guard written == port else { return false }
            pattern = exception[..<colon]
        }
        let text = pattern.filter { $0 != "[" && $0 != "]" }
        if let other = IPAddress(text) { return other == address }
        if address != nil { return false }
        if text.hasPrefix("*.") { return name.hasSuffix(text.dropFirst()) }
        if text.hasPrefix(".") { return name.hasSuffix(text) }
        return name == text || name.hasSuffix("." + text)
    }
}
