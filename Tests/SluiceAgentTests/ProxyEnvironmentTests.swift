// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("The environment's proxies")
struct ProxyEnvironmentTests {
    private func proxy(
        _ variables: [String: String],
        isTLS: Bool = true,
        host: String = "search.example.org",
        port: Int = 9200
    ) -> String? {
        ProxyEnvironment { variables[$0] }.proxy(isTLS: isTLS, host: host, port: port)?.description
    }

    @Test("By scheme, capitals first")
    func scheme() {
        let variables = ["HTTPS_PROXY": "http://a:1", "https_proxy": "http://b:2", "http_proxy": "c:3"]
        #expect(proxy(variables) == "a:1")
        #expect(proxy(variables, isTLS: false) == "c:3")
        #expect(proxy(["http_proxy": "c:3"]) == nil)
        #expect(proxy(["HTTPS_PROXY": "http://proxy.example.org"]) == "proxy.example.org:80")
    }

    @Test(
        "This machine is never behind a proxy",
        arguments: ["localhost", "127.0.0.1", "127.9.9.9", "::1", "LOCALHOST."]
    )
    func loopback(_ host: String) {
        #expect(proxy(["HTTPS_PROXY": "http://a:1"], host: host) == nil)
    }

    @Test(
        "Exceptions",
        arguments: [
            ("*", "any.host", true), ("example.org", "search.example.org", true), ("example.org", "example.org", true),
            ("example.org", "badexample.org", false), (".example.org", "example.org", false),
            (".example.org", "a.example.org", true), ("*.example.org", "a.example.org", true),
            ("EXAMPLE.org", "A.Example.ORG", true), ("a.b, example.org", "x.example.org", true),
            ("example.org:9200", "example.org", true), ("example.org:9201", "example.org", false),
            ("10.0.0.0/8", "10.1.2.3", true), ("10.0.0.0/8", "11.1.2.3", false), ("10.0.0.0/99", "10.0.0.1", false),
            ("10.1.2.3", "10.1.2.3", true), ("10.1.2.3:9200", "10.1.2.3", true), ("fd00::/8", "fd12::1", true),
            ("[fd12::1]:9200", "fd12::1", true), ("1.2.3.4", "example.org", false), ("", "example.org", false),
        ]
    )
    func exceptions(_ list: String, _ host: String, _ isDirect: Bool) {
        #expect((proxy(["HTTPS_PROXY": "http://a:1", "NO_PROXY": list], host: host) == nil) == isDirect)
    }

    @Test("What is no proxy is named, and not used")
    func unusable() {
        let environment = ProxyEnvironment { ["HTTPS_PROXY": "socks5://x:1", "http_proxy": "a b"][$0] }
        #expect(environment.unusable == ["http_proxy", "HTTPS_PROXY"])
        #expect(environment.proxy(isTLS: true, host: "x", port: 1) == nil)
    }

    @Test("Addresses", arguments: ["http://:1", "http://a:0", "http://a:70000", "", "http://u:p@", "https://a:1"])
    func wrong(_ text: String) {
        #expect(throws: ProxyAddress.Problem.self) { try ProxyAddress(text) }
    }

    @Test("A password is in no description")
    func description() throws {
        #expect(try ProxyAddress("http://ann:secret@h:1").description == "h:1")
    }
}
