// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Times as texts.
enum Clock {
    /// The current second in UTC, such as `2026-11-22T03:32:00`.
    static func utc() -> String {
        String(Date().formatted(.iso8601).prefix(19))
    }
}
