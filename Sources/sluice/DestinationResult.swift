// SPDX-License-Identifier: Apache-2.0

import SluiceAgent

/// Prints what was found at destinations, a line each, and ends the command accordingly.
struct DestinationResult {
    private var worst = Finding.Verdict.fine

    mutating func take(_ report: DestinationReport) {
        worst = max(worst, report.finding.verdict)
        Terminal.print(report.line)
    }

    /// - Throws: the exit status if not all is well.
    func exit() throws {
        switch worst {
        case .fine: return
        case .unavailable: throw ExitStatus.unavailable
        case .misconfigured: throw ExitStatus.configuration
        }
    }
}
