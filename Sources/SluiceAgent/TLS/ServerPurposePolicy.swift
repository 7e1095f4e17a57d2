// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
import X509

/// A certificate that says what it is for has to be for servers (RFC 5280, 4.2.1.12).
struct ServerPurposePolicy: VerifierPolicy {
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [.X509ExtensionID.extendedKeyUsage]

    static let reason = "its certificate is not one for servers (extended key usage)"

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult {
        guard let usage = try? chain.leaf.extensions.extendedKeyUsage else { return .meetsPolicy }
        let isForServers = usage.contains(.serverAuth) || usage.contains(.any)
        return isForServers ? .meetsPolicy : .failsToMeetPolicy(reason: Self.reason)
    }
}
