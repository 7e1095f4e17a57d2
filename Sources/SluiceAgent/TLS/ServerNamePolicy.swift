// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
import X509

/// The server's name is in its certificate (RFC 6125), as far as the mode asks for it.
struct ServerNamePolicy: VerifierPolicy {
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [.X509ExtensionID.subjectAlternativeName]
    private var identity: ServerIdentityPolicy?
    private let isStrict: Bool

    static let reason = "other name"

    init(host: String, mode: TLSOptions.VerificationMode) {
        isStrict = mode == .strict
        guard mode == .full || mode == .strict else { return }
        identity =
            OutputAddress.isLiteral(host)
            ? ServerIdentityPolicy(serverHostname: nil, serverIP: host)
            : ServerIdentityPolicy(serverHostname: host, serverIP: nil)
    }

    mutating func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) async -> PolicyEvaluationResult {
        if isStrict, chain.leaf.alternativeNames.isEmpty { return .failsToMeetPolicy(reason: Self.reason) }
        guard identity != nil else { return .meetsPolicy }
        if case .meetsPolicy? = identity?.chainMeetsPolicyRequirements(chain: chain) { return .meetsPolicy }
        return .failsToMeetPolicy(reason: Self.reason)
    }
}
