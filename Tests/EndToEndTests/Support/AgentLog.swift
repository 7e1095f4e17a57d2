// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What Sluice writes to its standard error: JSON lines, and at its end perhaps one line of plain text.
enum AgentLog {
    /// The lines that are JSON objects.
    static func entries(_ text: String) -> [[String: Any]] {
        text.split(separator: "\n").compactMap { line in
            (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
        }
    }
}
