// SPDX-License-Identifier: Apache-2.0

/// The ports that a receiver listens on; nil for an API that is off.
package struct BoundPorts: Sendable, Equatable {
    package var loki: Int?
    package var elasticsearch: Int?
}
