// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// Through which proxy an output goes: `proxy_url` and `proxy_disable`, under Filebeat's names.
package enum ProxyOptions: Sendable, Hashable {
    /// What `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say.
    case environment
    case none
    case url(ProxyAddress)

    /// Reads the options of an output. Problems are reported, without what is in the address: it may hold a password.
    package init(_ section: ConfigurationSection) {
        self = .environment
        let isDisabled = section.boolean("proxy_disable", default: false)
        if let text = section.optionalString("proxy_url"), !text.isEmpty, let node = section.node("proxy_url") {
            do {
                self = .url(try ProxyAddress(text))
            } catch .scheme {
                section.report(
                    node,
                    "proxies are spoken to in plain HTTP only, for addresses with https:// too (CONNECT)",
                    suggestion: "write an address such as http://proxy.example.org:3128"
                )
            } catch {
                section.report(
                    node,
                    "this is no address of a proxy",
                    suggestion: "write one such as http://user:password@proxy.example.org:3128"
                )
            }
        }
        if isDisabled { self = .none }
    }
}
