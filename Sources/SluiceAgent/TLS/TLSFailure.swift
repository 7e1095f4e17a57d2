// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOSSL

/// What went wrong in TLS, in one sentence with what to do.
enum TLSFailure {
    /// The sentence for an error of NIOSSL; nil if it is another one.
    static func describe(_ error: any Error, options: TLSOptions) -> String? {
        if case NIOSSLError.handshakeFailed(.sslError(let stack)) = error,
            stack.contains(.eofDuringHandshake)
        {
            return "it closed the connection during the TLS handshake: check that this port speaks TLS"
        }
        guard let name = name(error) else {
            if error is NIOSSLError || error is BoringSSLError {
                return "TLS failed: it closed the connection without a word"
            }
            return nil
        }
        let versions = options.versions.map(\.rawValue).joined(separator: " and ")
        switch name {
        case "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNEXPECTED_RECORD", "UNEXPECTED_MESSAGE", "INVALID_RECORD_LENGTH":
            return "it does not speak TLS: if this port is one for plain text, the address begins with http://"
        case "TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL":
            return
                "it speaks none of the versions that ssl.supported_protocols has (\(versions)): allow one that it has"
        case "TLSV1_ALERT_CERTIFICATE_REQUIRED":
            return missingCertificate(options)
        case "SSLV3_ALERT_HANDSHAKE_FAILURE", "NO_SHARED_CIPHER":
            return options.certificate == nil
                ? "it refuses the handshake: if it asks for a client certificate, give ssl.certificate and ssl.key; "
                    + "otherwise check ssl.cipher_suites and ssl.curve_types"
                : "it refuses the handshake: check ssl.certificate, ssl.cipher_suites and ssl.curve_types"
        case "SSLV3_ALERT_BAD_CERTIFICATE", "TLSV1_ALERT_UNKNOWN_CA", "SSLV3_ALERT_CERTIFICATE_EXPIRED",
            "SSLV3_ALERT_CERTIFICATE_REVOKED", "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
            "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", "TLSV1_ALERT_DECRYPT_ERROR", "TLSV1_ALERT_ACCESS_DENIED":
            if options.certificate == nil { return missingCertificate(options) }
            return "it does not accept the client certificate in ssl.certificate (\(words(name))): check its dates and "
                + "who signed it"
        default: return "TLS failed: \(words(name))"
        }
    }

    private static func missingCertificate(_ options: TLSOptions) -> String {
        options.certificate == nil
            ? "it asks for a client certificate: give ssl.certificate and ssl.key"
            : "it asks for another client certificate than that in ssl.certificate"
    }

    /// BoringSSL's own name of an error, such as `WRONG_VERSION_NUMBER`.
    static func name(_ error: any Error) -> String? {
        let text = "\(error)"
        guard let mark = text.firstRange(of: "OPENSSL_internal:") else { return nil }
        let name = text[mark.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        // TLS 1.3 has its own prefix for the alerts that it has added.
        return String(name).replacing("TLSV13_ALERT", with: "TLSV1_ALERT")
    }

    private static func words(_ name: String) -> String {
        String(name.map { $0 == "_" ? " " : $0 }).lowercased()
    }
}
