// SPDX-License-Identifier: Apache-2.0

/// Looks whether something answers at any URL. What takes events alone refuses to be asked for its head, which is no
/// fault.
package struct HTTPProbe: Conversation {
    private let hasCredentials: Bool

    package init(hasCredentials: Bool) { self.hasCredentials = hasCredentials }

    package func begin() -> ConversationStep { .ask(DestinationRequest(.head, "")) }

    package func receive(_ answer: DestinationAnswer) -> ConversationStep {
        switch answer.status {
        case 401, 403, 407, 408, 429, 500, 502..., 300..<400:
            .end(DestinationRefusal.finding(answer, purpose: "answer", hasCredentials: hasCredentials))
        default: .end(.fine("it answers (HTTP \(answer.status) to HEAD)"))
        }
    }
}
