// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What went wrong, counted, with the first of it in words; and what was left out, with the reason.
final class Findings: Sendable {
    private struct State {
        var counts: [String: Int] = [:]
        var examples: [String] = []
        var remarks: [String] = []
    }

    private let state = Mutex(State())

    /// - Parameter kind: under which it is counted; four of each are told.
    func fault(_ kind: String, _ text: String) {
        state.withLock { state in
            state.counts[kind, default: 0] += 1
            if state.counts[kind, default: 0] <= 4 { state.examples.append("\(kind): \(text)") }
        }
    }

    func remark(_ text: String) {
        state.withLock { state in if !state.remarks.contains(text) { state.remarks.append(text) } }
    }

    var isEmpty: Bool { state.withLock { $0.counts.isEmpty } }
    var counts: [String: Int] { state.withLock { $0.counts } }
    var examples: [String] { state.withLock { $0.examples } }
    var remarks: [String] { state.withLock { $0.remarks } }
}
