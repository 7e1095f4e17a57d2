// SPDX-License-Identifier: Apache-2.0

/// Waiting for something to become true, with a deadline so generous that only a fault reaches it.
enum Poll {
    struct Expired: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameters:
    ///   - what: what is waited for, in words.
    ///   - tail: something that helps to see why it did not happen; its last lines are shown.
    static func until(
        _ what: String,
        within deadline: Duration = .seconds(60),
        every pause: Duration = .milliseconds(20),
        tail: () -> String = { "" },
        _ condition: () async throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + deadline
        while try await !condition() {
            guard ContinuousClock.now < end else {
                let lines = tail().split(separator: "\n").suffix(8).joined(separator: "\n")
                throw Expired(description: "not within \(deadline): \(what)\n\(lines)")
            }
            try await Task.sleep(for: pause)
        }
    }
}
