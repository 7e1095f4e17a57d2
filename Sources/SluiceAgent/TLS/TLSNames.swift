// SPDX-License-Identifier: Apache-2.0

import NIOSSL

/// Names of cipher suites and curves: Filebeat's, IANA's and BoringSSL's.
package enum TLSNames {
    /// Filebeat's names of the curves that BoringSSL has.
    package enum Curve: String, Sendable, CaseIterable {
        case p256 = "P-256"
        case p384 = "P-384"
        case p521 = "P-521"
        case x25519 = "X25519"

        var value: NIOTLSCurve {
            switch self {
            case .p256: .secp256r1
            case .p384: .secp384r1
            case .p521: .secp521r1
            case .x25519: .x25519
            }
        }
    }

    /// The suites of TLS 1.2. Filebeat's names, and IANA's, which BoringSSL takes.
    static let cipherSuites: [(filebeat: String, iana: String)] = [
        ("ECDHE-ECDSA-AES-128-CBC-SHA", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
        ("ECDHE-ECDSA-AES-256-CBC-SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
        ("ECDHE-ECDSA-AES-128-GCM-SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
        ("ECDHE-ECDSA-AES-256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
        ("ECDHE-RSA-AES-128-CBC-SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
        ("ECDHE-RSA-AES-256-CBC-SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
        ("ECDHE-RSA-AES-128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        ("ECDHE-RSA-AES-256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
        ("ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
        ("RSA-AES-128-CBC-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"),
        ("RSA-AES-256-CBC-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"),
        ("RSA-AES-128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"),
        ("RSA-AES-256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384"),
    ]

    /// IANA's name of a suite by either name; nil if there is none.
    static func cipherSuite(_ name: String) -> String? {
        let folded = name.uppercased()
        return cipherSuites.first { $0.filebeat == folded || $0.iana == folded }?.iana
    }

    /// Whether this is a suite of TLS 1.3. Filebeat's table has them, and as there they are always on.
    static func isVersion13(_ name: String) -> Bool {
        [
            "TLS-AES-128-GCM-SHA256", "TLS-AES-256-GCM-SHA384", "TLS-CHACHA20-POLY1305-SHA256",
            "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
        ].contains(name.uppercased())
    }
}
