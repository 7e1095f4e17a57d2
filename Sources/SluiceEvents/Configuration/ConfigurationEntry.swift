// SPDX-License-Identifier: Apache-2.0

/// One key of a mapping, and its value.
package struct ConfigurationEntry: Sendable, Equatable {
    /// The key as written; a dotted key is not taken apart here (see `ConfigurationSection`).
    package let key: String
    package let keyPosition: ConfigurationPosition
    package let value: ConfigurationNode

    package init(key: String, keyPosition: ConfigurationPosition, value: ConfigurationNode) {
        self.key = key
        self.keyPosition = keyPosition
        self.value = value
    }
}
