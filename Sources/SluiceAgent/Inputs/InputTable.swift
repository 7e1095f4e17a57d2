// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// Every kind of input by its type in a configuration. A new one is a folder of its own and a line here.
package enum InputTable {
    /// Reads an input's options, or reports why not.
    ///
    /// - Parameter number: the input's place in the pipeline, counted from 1: its name, where it has none.
    package typealias Maker =
        @Sendable (ConfigurationSection, _ number: Int, ProcessorContext) ->
        (any InputConfiguration)?

    package static let makers: [String: Maker] = [
        "container": { FileInputOptions($0, number: $1, hostName: $2.host.name, isContainer: true) },
        "file": { FileInputOptions($0, number: $1, hostName: $2.host.name) },
        "log": { FileInputOptions($0, number: $1, hostName: $2.host.name) },
        "filestream": { FileInputOptions($0, number: $1, hostName: $2.host.name) },
        "http": { HTTPInputOptions($0, number: $1, $2) },
        "http_endpoint": { HTTPInputOptions($0, number: $1, $2) },
        "journald": { JournalInputOptions($0, number: $1, $2) },
        "stdin": { StandardInputOptions($0, number: $1, $2) },
        "syslog": { SyslogInputOptions(syslog: $0, number: $1, $2) },
        "tcp": { SyslogInputOptions(transport: .tcp, $0, number: $1, $2) },
        "udp": { SyslogInputOptions(transport: .udp, $0, number: $1, $2) },
        "unix": { SyslogInputOptions(transport: .unix, $0, number: $1, $2) },
    ]
}
