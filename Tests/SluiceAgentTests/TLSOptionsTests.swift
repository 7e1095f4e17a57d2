// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import SluiceEvents
import Testing

@Suite("What ssl says")
struct TLSOptionsTests {
    private static func node(_ entries: [(String, ConfigurationNode.Content)], path: String = "ssl")
        -> ConfigurationNode
    {
        ConfigurationNode(
            .mapping(
                entries.map { key, content in
                    ConfigurationEntry(
                        key: key,
                        keyPosition: .literal,
                        value: ConfigurationNode(content, path: path.isEmpty ? key : "\(path).\(key)")
                    )
                }
            ),
            path: path
        )
    }

    private static func text(_ text: String) -> ConfigurationNode.Content { .scalar(text: text, isPlain: true) }

    private func read(
        _ entries: [(String, ConfigurationNode.Content)]
    ) -> (options: TLSOptions?, problems: String) {
        let problems = ConfigurationProblems()
        let ssl = Self.node(entries)
        let output = ConfigurationNode(
            .mapping([ConfigurationEntry(key: "ssl", keyPosition: .literal, value: ssl)])
        )
        let section = ConfigurationSection(output, problems: problems)
        let options = TLSOptions(of: section)
        section.finish()
        return (options, problems.description)
    }

    @Test("All options at once")
    func all() throws {
        let (options, problems) = read([
            ("enabled", Self.text("true")), ("verification_mode", Self.text("strict")),
            ("certificate_authorities", Self.text("/ca.pem")), ("certificate", Self.text("/c.pem")),
            ("key", Self.text("-----BEGIN PRIVATE KEY-----\nx")), ("key_passphrase", Self.text("p")),
            ("supported_protocols", Self.text("TLSv1.3")),
            ("cipher_suites", Self.text("ecdhe-rsa-aes-256-gcm-sha384")), ("curve_types", Self.text("X25519")),
            ("ca_sha256", Self.text(String(repeating: "A", count: 43) + "=")),
            ("ca_trusted_fingerprint", Self.text(String(repeating: "AB:", count: 31) + "AB")),
            ("renegotiation", Self.text("never")),
        ])
        #expect(problems == "")
        let read = try #require(options)
        #expect(read.isEnabled == true)
        #expect(read.verificationMode == .strict)
        #expect(read.certificateAuthorities == [.file("/ca.pem")])
        #expect(read.certificate == .file("/c.pem"))
        #expect(read.key == .inline("-----BEGIN PRIVATE KEY-----\nx"))
        #expect(read.versions == [.tls13])
        #expect(read.cipherSuites == ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"])
        #expect(read.curves == [.x25519])
        #expect(read.trustedFingerprint == String(repeating: "ab", count: 32))
    }

    @Test(
        "What is wrong is said",
        arguments: [
            ("supported_protocols", "TLSv1.1", "TLSv1.1 is broken and not spoken (RFC 8996)"),
            ("supported_protocols", "TLSv2", "'TLSv2' is no version of TLS"),
            ("verification_mode", "ful", "did you mean 'full'?"),
            ("cipher_suites", "ECDHE-RSA-RC4-128-SHA", "is no cipher suite that can be used"),
            ("curve_types", "P-224", "is no curve that can be used: write some of P-256, P-384, P-521, X25519"),
            ("renegotiation", "once", "renegotiation is never done"),
            ("ca_sha256", "abc", "this is no base64 of SHA-256: make it with: openssl x509"),
            ("ca_trusted_fingerprint", "xyz", "this is no SHA-256 in hexadecimal"),
            ("certificate", "/c.pem", "'key' is missing in ssl"), ("key", "/k.pem", "'certificate' is missing in ssl"),
            ("verfication_mode", "full", "did you mean 'verification_mode'?"),
        ]
    )
    func wrong(_ key: String, _ value: String, _ sentence: String) {
        let problems = read([(key, Self.text(value))]).problems
        #expect(problems.contains(sentence), "\(problems)")
    }

    @Test("Pins mean nothing where nothing is verified")
    func pinsWithoutVerification() {
        let pin = Self.text(String(repeating: "A", count: 43) + "=")
        let problems = read([("verification_mode", Self.text("none")), ("ca_sha256", pin)]).problems
        #expect(problems.contains("mean nothing with verification_mode: none"))
    }

    @Test("No ssl, no options")
    func none() {
        let problems = ConfigurationProblems()
        let section = ConfigurationSection(ConfigurationNode(.mapping([])), problems: problems)
        #expect(TLSOptions(of: section) == nil)
    }
}
