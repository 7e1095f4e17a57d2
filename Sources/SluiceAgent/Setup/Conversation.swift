// SPDX-License-Identifier: Apache-2.0

/// Questions and answers over HTTP that lead to a finding. Decides what to ask next, and does no input or output.
package protocol Conversation: Sendable {
    mutating func begin() -> ConversationStep
    mutating func receive(_ answer: DestinationAnswer) -> ConversationStep
}

package enum ConversationStep: Sendable, Equatable {
    case ask(DestinationRequest)
    case end(Finding)
}
