// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras
import FoundationEssentials

/// Secrets by name, and the encrypted text that a file keeps of them.
///
/// Three lines: `sluice-keystore 1`; `scrypt N r p SALT`, how the key is derived from the password (RFC 7914); and
/// AES-256-GCM over the entries, with the lines before it as additional data. Salt and ciphertext (nonce, text, tag) are
/// base64. An entry is name and value, each a length in 4 bytes, big-endian, and UTF-8. Without a password the empty one
/// is taken, as Filebeat does: then the file's mode protects it, and the encryption only hides it from a glance.
package struct Keystore: Sendable {
    package private(set) var entries: [String: String] = [:]

    package static let maximumSize = 8 << 20
    private static let signature = "sluice-keystore 1"
    /// 32 MiB of memory and a tenth of a second for each try.
    private static let cost = (rounds: 1 << 15, blockSize: 8, parallelism: 1)

    package init() {}

    /// Whether `${NAME}` can say this name.
    package static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 256
            && name.utf8.allSatisfy { byte in
                (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a) || (byte >= 0x30 && byte <= 0x39)
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            }
    }

    package subscript(name: String) -> String? {
        get { entries[name] }
        set { entries[name] = newValue }
    }

    /// The text for a file, with a salt of its own.
    package func sealed(password: String) throws(SecretFailure) -> String {
        var generator = SystemRandomNumberGenerator()
        let salt = Data((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
        let cost = Self.cost
        let head =
            "\(Self.signature)\nscrypt \(cost.rounds) \(cost.blockSize) \(cost.parallelism) \(salt.base64EncodedString())\n"
        do {
            let key = try Self.key(password, salt, cost)
            let box = try AES.GCM.seal(Data(packed), using: key, authenticating: Data(head.utf8))
            guard let combined = box.combined else { throw SecretFailure("the keystore cannot be encrypted") }
            return head + combined.base64EncodedString() + "\n"
        } catch {
            throw SecretFailure("the keystore cannot be encrypted: \(error)")
        }
    }

    /// Reads such a text.
    ///
    /// - Throws: if it is none, or the password is not that of it.
    package init(opening text: String, password: String) throws(SecretFailure) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 3, lines[0] == Self.signature else {
            throw SecretFailure("this is no keystore of Sluice: make one with 'sluice keystore create'")
        }
        let words = lines[1].split(separator: " ")
        let damaged = SecretFailure("the keystore is damaged: bring back a copy, or make it anew")
        guard words.count == 5, words[0] == "scrypt", let rounds = Int(words[1]), let blockSize = Int(words[2]),
            let parallelism = Int(words[3]), let salt = Data(base64Encoded: String(words[4])),
            let combined = Data(base64Encoded: String(lines[2])),
            // What a file may ask for in memory and time.
            (2...1 << 20).contains(rounds), rounds & (rounds - 1) == 0, (1...32).contains(blockSize),
            (1...16).contains(parallelism), let box = try? AES.GCM.SealedBox(combined: combined)
        else { throw damaged }
        let head = "\(lines[0])\n\(lines[1])\n"
        let plain: Data
        do {
            let key = try Self.key(password, salt, (rounds, blockSize, parallelism))
            plain = try AES.GCM.open(box, using: key, authenticating: Data(head.utf8))
        } catch {
            throw SecretFailure(
                password.isEmpty
                    ? "the keystore has a password, or is damaged: give SLUICE_KEYSTORE_PASSWORD or "
                        + "--keystore-password-file"
                    : "the password is not that of the keystore, or the file is damaged"
            )
        }
        guard let entries = Self.unpacked(Array(plain)) else { throw damaged }
        self.entries = entries
    }

    private static func key(
        _ password: String,
        _ salt: Data,
        _ cost: (rounds: Int, blockSize: Int, parallelism: Int)
    ) throws -> SymmetricKey {
        try KDF.Scrypt.deriveKey(
            from: Data(password.utf8),
            salt: salt,
            outputByteCount: 32,
            rounds: cost.rounds,
            blockSize: cost.blockSize,
            parallelism: cost.parallelism
        )
    }

    private var packed: [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in entries.sorted(by: { $0.key < $1.key }) {
            for text in [name, value] {
                let count = UInt32(truncatingIfNeeded: text.utf8.count)
                bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> UInt32($0)) }
                bytes += text.utf8
            }
        }
        return bytes
    }

    private static func unpacked(_ bytes: [UInt8]) -> [String: String]? {
        var rest = bytes[...]
        func text() -> String? {
            guard rest.count >= 4 else { return nil }
            let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return String(validating: rest.prefix(count), as: UTF8.self)
        }
        var entries: [String: String] = [:]
        while !rest.isEmpty {
            guard let name = text(), let value = text() else { return nil }
            entries[name] = value
        }
        return entries
    }
}
