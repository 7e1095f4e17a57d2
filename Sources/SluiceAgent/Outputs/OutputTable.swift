// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// Every output by its type in a configuration. A new one is a folder of its own and a line here.
package enum OutputTable {
    /// Makes an output from its options, or reports why not.
    package typealias Maker = @Sendable (ConfigurationSection) -> (any Output)?

    package static let makers: [String: Maker] = [
        "console": { ConsoleOutput($0) },
        "discard": { DiscardOutput($0) },
        "elasticsearch": { ElasticsearchOutput($0) },
        "file": { FileOutput($0) },
        "http": { HTTPOutput($0) },
        "logstash": { LogstashOutput($0) },
        "loki": { LokiOutput($0) },
    ]
}
