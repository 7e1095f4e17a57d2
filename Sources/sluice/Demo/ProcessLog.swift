// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceReceiver

/// What one of the demo's processes says of itself, in lines of JSON.
enum ProcessLog {
    static func record(_ line: String) -> JSONValue? {
        line.withByteView { try? JSONValue.parse($0) }
    }

    /// Waits for a record with this message.
    static func record(
        saying message: String,
        of process: DemoProcess,
        within limit: Duration
    ) async throws -> JSONValue {
        try await first(of: process, within: limit) { $0["message"]?.text == message }
    }

    /// Waits for the first record that `isWanted`.
    @discardableResult
    static func first(
        of process: DemoProcess,
        within limit: Duration,
        _ isWanted: (JSONValue) -> Bool = { _ in true }
    ) async throws -> JSONValue {
        let deadline = ContinuousClock.now + limit
        while true {
            for line in LogTail.lines(process.logPath, bytes: 64 << 10) {
                if let record = record(line), isWanted(record) { return record }
            }
            if let failure = process.failure { throw failure }
            guard ContinuousClock.now < deadline else {
                throw DemoFailure("\(process.title) is not ready after \(limit.components.seconds) s", process: process)
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
