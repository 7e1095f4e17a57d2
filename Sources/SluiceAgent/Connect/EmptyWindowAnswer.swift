// SPDX-License-Identifier: Apache-2.0

/// What a server says to an empty window of the Lumberjack protocol.
///
/// Logstash and Elastic's own server say nothing to it; others acknowledge 0 events. Anything else is another protocol.
package enum EmptyWindowAnswer {
    /// `2W`, and no events.
    package static let window: [UInt8] = [0x32, 0x57, 0, 0, 0, 0]

    package static func finding(_ bytes: some Collection<UInt8>, isTLS: Bool) -> Finding {
        let start = Array(bytes.prefix(4))
        if start.isEmpty {
            return .fine(isTLS ? "it speaks TLS and takes an empty window" : "it takes an empty window")
        }
        if start.starts(with: [0x32, 0x41]) { return .fine("it acknowledges an empty window") }
        if !isTLS, start.starts(with: [0x15, 0x03]) || start.starts(with: [0x16, 0x03]) {
            return .misconfigured("it speaks TLS: set ssl.enabled: true, and name its authority")
        }
        if start.starts(with: Array("HTTP".utf8)) {
            return .misconfigured("it speaks HTTP and is no Logstash's input 'beats': correct host and port")
        }
        return .misconfigured("it does not speak the protocol of Logstash's input 'beats': correct host and port")
    }
}
