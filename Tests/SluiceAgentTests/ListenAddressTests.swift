// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("Addresses to listen on")
struct ListenAddressTests {
    @Test(
        "Loopback unless told otherwise",
        arguments: [
            ("9600", "127.0.0.1:9600"), (":9600", "127.0.0.1:9600"), ("0.0.0.0:80", "0.0.0.0:80"),
            ("[::1]:9600", "[::1]:9600"), ("localhost:0", "localhost:0"),
        ]
    )
    func good(text: String, meaning: String) {
        #expect(ListenAddress(text)?.description == meaning)
    }

    @Test("No addresses", arguments: ["", "localhost", "127.0.0.1:70000", "a b:80", "http://x:80", ":-1", "x:"])
    func bad(text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
