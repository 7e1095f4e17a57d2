// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import Testing

@Suite struct SHA256Tests {
    /// From FIPS 180-4's examples, and at the borders of a block.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func examples(_ text: String, _ digest: String) {
        #expect(SHA256.hexadecimal(Array(text.utf8)) == digest)
    }

    @Test func aMillionLetters() {
        let digest = SHA256.hexadecimal([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
        #expect(digest == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func lengthsAroundABlockDiffer() {
        let digests = (0...130).map { SHA256.hexadecimal([UInt8](repeating: 0, count: $0)) }
        #expect(Set(digests).count == 131)
        #expect(digests.allSatisfy { $0.utf8.count == 64 })
    }
}
