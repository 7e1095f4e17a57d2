// SPDX-License-Identifier: Apache-2.0

/// What was found at one address of one output.
package struct DestinationReport: Sendable {
    package var pipeline: String
    package var output: String
    package var destination: String
    package var finding: Finding

    /// One line.
    package var line: String {
        let place = "\(pipeline)/\(output)"
        return switch finding.verdict {
        case .fine: "\(place): \(destination): fine: \(finding.words)"
        case .unavailable: "\(place): \(destination): unavailable: \(finding.words)"
        case .misconfigured: "\(place): \(destination): wrong: \(finding.words)"
        }
    }
}
