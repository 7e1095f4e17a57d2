// SPDX-License-Identifier: Apache-2.0

/// Looks whether a Loki is there, takes pushes of this tenant, and has room for what the output sends.
///
/// It is pushed no streams at all, to which it answers 422, or 204 where it is lenient: the credentials, the tenant and
/// the way to the part that writes are tried, and nothing is written.
package struct LokiProbe: Conversation {
    private enum Stage {
        case ready
        case build
        case push
        case stranger
        case limits
    }

    private let output: LokiOutput
    private let hasCredentials: Bool
    private let hasTenant: Bool
    private var stage = Stage.ready
    private var version: String?
    private var pushed = DestinationAnswer(0)

    package init(_ output: LokiOutput) {
        self.output = output
        hasCredentials = output.options.hasCredentials
        hasTenant = output.options.headers.contains { $0.name.lowercased() == "x-scope-orgid" }
    }

    package func begin() -> ConversationStep { .ask(DestinationRequest(.get, "/ready")) }

    package mutating func receive(_ answer: DestinationAnswer) -> ConversationStep {
        switch stage {
        case .ready:
            // What stands before a Loki may not let this through; then the next questions tell.
            if answer.status >= 500 {
                return .end(.unavailable("it is not ready (\(answer.status)): \(answer.reason)"))
            }
            return ask(.build, ServerKind.lokiQuestion)
        case .build:
            version = ServerKind.lokiVersion(answer)
            return ask(.push, DestinationRequest(.post, LokiOutput.pushPath, body: #"{"streams":[]}"#))
        case .push: return push(answer)
        case .stranger:
            guard let server = ElasticsearchServer(answer) else {
                return .end(.misconfigured(ServerKind.strangerWords(pushed, expected: "Loki")))
            }
            let words = ServerKind.otherWords("an \(server.description)", type: "elasticsearch", expected: "Loki")
            return .end(.misconfigured(words))
        case .limits: return limits(answer)
        }
    }

    private mutating func ask(_ next: Stage, _ request: DestinationRequest) -> ConversationStep {
        stage = next
        return .ask(request)
    }

    private mutating func push(_ answer: DestinationAnswer) -> ConversationStep {
        switch answer.status {
        case 260: return .end(.misconfigured("it has blocked this tenant (260): ask who looks after it"))
        case 200..<300, 422: return ask(.limits, DestinationRequest(.get, "/config/tenant/v1/limits"))
        case 401 where answer.text.contains("org id"):
            return .end(.misconfigured("it is for several tenants (401: \(answer.reason)): say which with 'tenant'"))
        case 400 where answer.text.contains("org ID") || answer.text.contains("tenant"):
            return .end(.misconfigured("it does not take this tenant (400: \(answer.reason)): correct 'tenant'"))
        case 400, 404, 405:
            // Older ones take a push without streams for a mistake.
            if answer.status == 400, version != nil {
                return ask(.limits, DestinationRequest(.get, "/config/tenant/v1/limits"))
            }
            pushed = answer
            return ask(.stranger, DestinationRequest(.get, "/"))
        default:
            let purpose = hasTenant ? "push for this tenant" : "push"
            return .end(DestinationRefusal.finding(answer, purpose: purpose, hasCredentials: hasCredentials))
        }
    }

    private func limits(_ answer: DestinationAnswer) -> ConversationStep {
        var words = [version.map { "Loki \($0)" } ?? "a Loki, by its answers", "it takes pushes"]
        guard let limits = LokiServerLimits(answer) else { return .end(.fine(words.joined(separator: "; "))) }
        if let conflict = limits.conflict(output) { return .end(.misconfigured(conflict)) }
        words += limits.excesses(output)
        return .end(.fine(words.joined(separator: "; ")))
    }
}
