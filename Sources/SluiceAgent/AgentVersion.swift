// SPDX-License-Identifier: Apache-2.0

/// Which Sluice this is.
package enum AgentVersion {
    package static let text = "0.1.0"
}
