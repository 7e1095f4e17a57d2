// SPDX-License-Identifier: Apache-2.0

import SluiceReceiver
import Testing

/// What the Loki side takes and what it refuses, over HTTP.
struct LokiPushTests {
    private static let path = "/loki/api/v1/push"

    @Test func whatIsPushedIsFound() async throws {
        try await LiveReceiver.run { live in
            let now = LiveReceiver.now
            let body = LiveReceiver.push(#"{"app":"web"}"#, [(now, "one"), (now + 1, #"tw\"o"#)])
            let answer = try await live.loki("POST", Self.path, body)
            #expect(answer.status == 204)
            #expect(answer.text.isEmpty)
            #expect(try await live.lines(#"{app="web"}"#, "&end=\(now + 10)") == ["one", "tw\"o"])
        }
    }
}
