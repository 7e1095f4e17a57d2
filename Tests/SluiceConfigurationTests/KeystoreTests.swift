// SPDX-License-Identifier: Apache-2.0

import SluiceConfiguration
import Testing

@Suite struct KeystoreTests {
    private func full() -> Keystore {
        var keystore = Keystore()
        keystore["A"] = "äöü\nsecond line"
        keystore["B"] = ""
        keystore["c.d-e"] = String(repeating: "x", count: 70_000)
        return keystore
    }

    @Test("What was sealed opens with its password, and with no other", arguments: ["", "pass word", "ä"])
    func roundTrip(_ password: String) throws {
        let text = try full().sealed(password: password)
        #expect(try Keystore(opening: text, password: password).entries == full().entries)
        #expect(throws: SecretFailure.self) { try Keystore(opening: text, password: password + "x") }
        #expect(try full().sealed(password: password) != text, "each has a salt and a nonce of its own")
    }

    @Test("What was changed by one character does not open")
    func damaged() throws {
        let text = Array(try Keystore().sealed(password: "p").utf8)
        for position in stride(from: 0, to: text.count - 1, by: 7) {
            var changed = text
            changed[position] = changed[position] == UInt8(ascii: "B") ? UInt8(ascii: "C") : UInt8(ascii: "B")
            let other = String(decoding: changed, as: UTF8.self)
            #expect(throws: SecretFailure.self) { try Keystore(opening: other, password: "p") }
        }
        for count in stride(from: 0, to: text.count - 2, by: 11) {
            let short = String(decoding: text[..<count], as: UTF8.self)
            #expect(throws: SecretFailure.self) { try Keystore(opening: short, password: "p") }
        }
    }

    @Test("A file cannot ask for all memory or time")
    func cost() {
        for cost in ["1073741824 8 1", "32768 1000000 1", "32768 8 1000000", "3 8 1", "-2 8 1", "0 0 0"] {
            let text = "sluice-keystore 1\nscrypt \(cost) AAAA\n" + String(repeating: "A", count: 80) + "\n"
            #expect(throws: SecretFailure.self) { try Keystore(opening: text, password: "") }
        }
    }

    @Test(
        "Names",
        arguments: [("A", true), ("a.b-c_9", true), ("", false), ("a b", false), ("a}", false), ("ä", false)]
    )
    func names(_ name: String, _ isName: Bool) {
        #expect(Keystore.isName(name) == isName)
    }
}
