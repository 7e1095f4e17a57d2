// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// What `ssl.*` of an output says, under Filebeat's names.
///
/// Source: Filebeat's reference, "Configure SSL". Reading decides and opens no file.
package struct TLSOptions: Sendable, Hashable {
    /// What of a server's certificate is verified.
    package enum VerificationMode: String, Sendable, CaseIterable {
        /// A trusted authority, its dates, and the server's name. The name may stand in the common name if the
        /// certificate has no alternative names.
        case full
        /// The same, and the name has to stand in the alternative names.
        case strict
        /// A trusted authority and its dates, for whatever name.
        case certificate
        /// Nothing: whoever answers is believed.
        case none
    }

    package enum Version: String, Sendable, CaseIterable {
        case tls12 = "TLSv1.2"
        case tls13 = "TLSv1.3"
    }

    /// Nil if nobody said.
    package var isEnabled: Bool?
    package var verificationMode = VerificationMode.full
    /// Empty: the system's.
    package var certificateAuthorities: [PEMSource] = []
    package var certificate: PEMSource?
    package var key: PEMSource?
    package var keyPassphrase: String?
    /// In the order of the versions, without a gap.
    package var versions = Version.allCases
    /// IANA's names; empty: BoringSSL's choice. Those of TLS 1.3 cannot be chosen.
    package var cipherSuites: [String] = []
    package var curves: [TLSNames.Curve] = []
    /// Base64 of SHA-256 over the public key (SubjectPublicKeyInfo); one of the verified chain has to have one of them.
    package var authorityPins: [String] = []
    /// SHA-256 of an authority's certificate, in hexadecimal: it is trusted if the server presents it.
    package var trustedFingerprint: String?

    package init() {}

    /// Reads `ssl` of an output; nil, without a word, if there is none. Problems are reported.
    package init?(of output: ConfigurationSection) {
        guard let section = output.section("ssl") else { return nil }
        if let node = section.node("enabled"), !node.isNull { isEnabled = section.boolean("enabled", default: true) }
        verificationMode = section.choice("verification_mode", default: .full)
        certificateAuthorities = section.strings("certificate_authorities").map(PEMSource.init)
        certificate = section.optionalString("certificate").map(PEMSource.init)
        key = section.optionalString("key").map(PEMSource.init)
        keyPassphrase = section.optionalString("key_passphrase")
        readVersions(section)
        readCipherSuites(section)
        readCurves(section)
        readPins(section)
        if let node = section.node("renegotiation"), !node.isNull, section.optionalString("renegotiation") != "never" {
            section.report(
                node,
                "renegotiation is never done: TLS 1.3 has none, and in TLS 1.2 it is a way in",
                suggestion: "write 'never', or leave it out"
            )
        }
        if (certificate == nil) != (key == nil) {
            let missing = certificate == nil ? "certificate" : "key"
            section.reportMissing(missing, expected: "a path or PEM, since one goes with the other")
        }
        let needsVerification = !authorityPins.isEmpty || trustedFingerprint != nil
        if verificationMode == .none, needsVerification {
            section.report(
                section.node("ca_sha256") ?? section.node("ca_trusted_fingerprint") ?? section.node,
                "pins and fingerprints mean nothing with verification_mode: none",
                suggestion: "take it out, or verify"
            )
        }
    }

    private mutating func readVersions(_ section: ConfigurationSection) {
        guard let node = section.node("supported_protocols"), !node.isNull else { return }
        var chosen: Set<Version> = []
        for name in section.strings("supported_protocols") {
            if let version = Version(rawValue: name) {
                chosen.insert(version)
            } else if ["SSLv3", "SSLv3.0", "TLSv1", "TLSv1.0", "TLSv1.1"].contains(name) {
                section.report(
                    node,
                    "\(name) is broken and not spoken (RFC 8996)",
                    suggestion: "write TLSv1.2, TLSv1.3 or both"
                )
            } else {
                section.report(
                    node,
                    node.isFromEnvironment
                        ? "the environment has a version of TLS that is not known"
                        : "\(ConfigurationNode.quoted(name)) is no version of TLS",
                    suggestion: "write TLSv1.2, TLSv1.3 or both"
                )
            }
        }
        let versions = Version.allCases.filter(chosen.contains)
        if !versions.isEmpty { self.versions = versions }
    }

    private mutating func readCipherSuites(_ section: ConfigurationSection) {
        guard let node = section.node("cipher_suites"), !node.isNull else { return }
        for name in section.strings("cipher_suites") {
            if TLSNames.isVersion13(name) { continue }
            if let suite = TLSNames.cipherSuite(name) {
                cipherSuites.append(suite)
            } else {
                let nearest = NearestName.nearest(to: name, among: TLSNames.cipherSuites.map(\.filebeat))
                section.report(
                    node,
                    "\(ConfigurationNode.quoted(name)) is no cipher suite that can be used",
                    suggestion: nearest.map { "did you mean '\($0)'?" }
                        ?? "write one such as ECDHE-ECDSA-AES-256-GCM-SHA384"
                )
            }
        }
    }

    private mutating func readCurves(_ section: ConfigurationSection) {
        guard let node = section.node("curve_types"), !node.isNull else { return }
        for name in section.strings("curve_types") {
            if let curve = TLSNames.Curve(rawValue: name) {
                curves.append(curve)
            } else {
                section.report(
                    node,
                    "\(ConfigurationNode.quoted(name)) is no curve that can be used",
                    suggestion: "write some of " + TLSNames.Curve.allCases.map(\.rawValue).joined(separator: ", ")
                )
            }
        }
    }

    private mutating func readPins(_ section: ConfigurationSection) {
        authorityPins = section.strings("ca_sha256")
        for pin in authorityPins where pin.utf8.count != 44 || !pin.hasSuffix("=") {
            section.report(
                section.node("ca_sha256") ?? section.node,
                "this is no base64 of SHA-256",
                suggestion: "make it with: openssl x509 -in ca.pem -pubkey -noout | openssl pkey -pubin -outform der | "
                    + "openssl dgst -sha256 -binary | openssl base64"
            )
        }
        guard let text = section.optionalString("ca_trusted_fingerprint") else { return }
        let digits = text.lowercased().filter { $0 != ":" }
        guard digits.utf8.count == 64, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            section.report(
                section.node("ca_trusted_fingerprint") ?? section.node,
                "this is no SHA-256 in hexadecimal",
                suggestion: "make it with: openssl x509 -in ca.pem -noout -fingerprint -sha256"
            )
            return
        }
        trustedFingerprint = digits
    }
}
