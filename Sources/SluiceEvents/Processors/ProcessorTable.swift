// SPDX-License-Identifier: Apache-2.0

/// Every processor by its name in a configuration. A new one is a file of its own and a line here.
package enum ProcessorTable {
    /// Makes a processor from its options, or reports why not. Called once for each worker.
    package typealias Maker = @Sendable (ConfigurationSection) -> (any Processor)?

    package static let makers: [String: Maker] = [:]
}
