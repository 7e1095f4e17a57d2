// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials
import NIOSSL
import SluiceBytes
import SwiftASN1
import X509

/// Decides whether a server is the one that was meant, by the certificates that it presents.
struct TLSVerifier: Sendable {
    let options: TLSOptions
    let host: String
    /// Nil: the system's.
    let authorities: [Certificate]?

    /// Nil if the server may be believed; otherwise why not and what to do, in one sentence.
    ///
    /// - Parameter presented: the server's own certificate first.
    func refusal(_ presented: [NIOSSLCertificate]) async -> String? {
        guard let own = presented.first else { return "it presents no certificate" }
        let leaf: Certificate
        var others: [Certificate] = []
        var roots = authorities ?? []
        do {
            leaf = try Certificate(derEncoded: own.toDERBytes())
            for certificate in presented.dropFirst() {
                let bytes = try certificate.toDERBytes()
                let read = try Certificate(derEncoded: bytes)
                others.append(read)
                if let fingerprint = options.trustedFingerprint, Self.fingerprint(bytes) == fingerprint,
                    read.isAuthority
                {
                    roots.append(read)
                }
            }
            if let fingerprint = options.trustedFingerprint, try Self.fingerprint(own.toDERBytes()) == fingerprint {
                roots.append(leaf)
            }
        } catch {
            return "its certificate cannot be read"
        }
        // As in Filebeat, a fingerprint is trusted beside the system's authorities, a list of authorities instead.
        let store =
            authorities == nil
            ? CertificateStore.systemTrustRoots.appending(contentsOf: roots) : CertificateStore(roots)
        var verifier = Verifier(rootCertificates: store) {
            RFC5280Policy()
            ServerPurposePolicy()
            ServerNamePolicy(host: host, mode: options.verificationMode)
        }
        switch await verifier.validate(leaf: leaf, intermediates: CertificateStore(others)) {
        case .validCertificate(let chain): return pinRefusal(Array(chain))
        case .couldNotValidate(let failures):
            return reason(leaf, presented: [leaf] + others, failures)
        }
    }

    private func reason(
        _ leaf: Certificate,
        presented: [Certificate],
        _ failures: [CertificateValidationResult.PolicyFailure]
    ) -> String {
        guard let failure = failures.first else {
            if leaf.issuer == leaf.subject {
                return "its certificate is self-signed and not trusted: if it is the right one, name it in "
                    + "ssl.certificate_authorities"
            }
            let known = options.certificateAuthorities.isEmpty ? "the system" : "ssl.certificate_authorities"
            let last = presented.last?.issuer ?? leaf.issuer
            return "its certificate is from an unknown authority, '\(last)', which \(known) does not have: name the "
                + "authority's certificate in ssl.certificate_authorities"
        }
        let now = Date()
        for certificate in failure.chain {
            let whose =
                certificate == leaf ? "its certificate" : "the certificate of its authority '\(certificate.subject)'"
            if certificate.notValidAfter < now {
                return "\(whose) has expired on \(Self.day(certificate.notValidAfter)): renew it"
            }
            if certificate.notValidBefore > now {
                return "\(whose) is not yet valid, before \(Self.day(certificate.notValidBefore)): check the clocks"
            }
        }
        let reason = failure.policyFailureReason.description
        if reason == ServerNamePolicy.reason {
            return "\(leaf.namesInWords) and not for '\(host)': use a name that it has, or a certificate for this one"
        }
        if reason == ServerPurposePolicy.reason { return reason + ": use one that is" }
        return "its certificate cannot be verified (\(reason)): have it made anew"
    }

    private func pinRefusal(_ chain: [Certificate]) -> String? {
        if options.authorityPins.isEmpty { return nil }
        for certificate in chain where options.authorityPins.contains(Self.pin(certificate)) { return nil }
        return "no certificate of its chain has one of the pins in ssl.ca_sha256: if its authority was changed, change "
            + "the pin"
    }

    /// Base64 of SHA-256 over the public key.
    static func pin(_ certificate: Certificate) -> String {
        var serializer = DER.Serializer()
        guard (try? serializer.serialize(certificate)) != nil,
            let read = try? NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der),
            let key = try? read.extractPublicKey().toSPKIBytes()
        else { return "" }
        return Base64Text.encode(Array(Crypto.SHA256.hash(data: key)))
    }

    /// SHA-256 over the certificate, in hexadecimal.
    static func fingerprint(_ bytes: [UInt8]) -> String {
        Crypto.SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private static func day(_ date: Date) -> String {
        let days = Int((date.timeIntervalSince1970 / 86_400).rounded(.down))
        let date = CivilDate(daysSinceEpoch: days)
        let padded = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(date.year)-\(padded(date.month))-\(padded(date.day))"
    }
}

extension Certificate {
    var isAuthority: Bool {
        if case .isCertificateAuthority? = try? extensions.basicConstraints { return true }
        return false
    }
}
