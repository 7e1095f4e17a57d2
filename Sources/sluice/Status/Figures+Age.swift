// SPDX-License-Identifier: Apache-2.0

extension Figures {
    /// `35 s`, `12 min`, `3 h`, `2 d`: how long something has lasted.
    static func age(_ nanoseconds: Int64) -> String {
        let seconds = max(0, nanoseconds) / 1_000_000_000
        return switch seconds {
        case ..<100: "\(seconds) s"
        case ..<6000: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
