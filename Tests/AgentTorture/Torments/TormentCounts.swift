// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How often each torment was performed.
final class TormentCounts: Sendable {
    private let counts = Mutex<[Torment: Int]>([:])

    func add(_ torment: Torment) { counts.withLock { $0[torment, default: 0] += 1 } }

    var description: String {
        let counts = counts.withLock { $0 }
        return Torment.allCases.compactMap { torment in counts[torment].map { "\(torment.rawValue) \($0)" } }
            .joined(separator: ", ")
    }
}
