// SPDX-License-Identifier: Apache-2.0

/// What answers mean that are no yes, in words.
package enum DestinationRefusal {
    /// - Parameters:
    ///   - purpose: what was asked for, such as `read the index template`.
    ///   - privilege: what has to be granted for it, in the server's own names.
    ///   - hasCredentials: whether there are any.
    package static func finding(
        _ answer: DestinationAnswer,
        purpose: String,
        privilege: String? = nil,
        hasCredentials: Bool
    ) -> Finding {
        let reason = answer.reason.isEmpty ? "" : ": \(answer.reason)"
        switch answer.status {
        case 401:
            return .misconfigured(
                hasCredentials
                    ? "it does not take the credentials (401): check username and password, api_key or bearer_token"
                    : "it wants credentials (401): give username and password, api_key or bearer_token"
            )
        case 403:
            let advice = privilege.map { "give them the privilege \($0)" } ?? "have them allowed it"
            let who = hasCredentials ? "the credentials" : "those without credentials"
            return .misconfigured("\(who) may not \(purpose) (403)\(reason); \(advice)")
        case 300..<400:
            return .misconfigured("it redirects (\(answer.status)): give the address that it redirects to")
        case 407: return .misconfigured("a proxy wants a name and a password (407): write them into proxy_url")
        case 408, 425, 429, 500...:
            return .unavailable("it could not \(purpose) (\(answer.status))\(reason): see its own log")
        default:
            return .misconfigured("it did not \(purpose) (\(answer.status))\(reason)")
        }
    }
}

extension OutputOptions {
    /// Whether requests carry credentials of their own.
    package var hasCredentials: Bool { headers.contains { $0.name.lowercased() == "authorization" } }
}
