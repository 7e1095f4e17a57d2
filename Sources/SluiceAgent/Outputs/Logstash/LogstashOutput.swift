// SPDX-License-Identifier: Apache-2.0

package import Logging
package import SluiceEvents

/// Logstash's input `beats`, and whatever else speaks the Lumberjack protocol, version 2.
package struct LogstashOutput: Output {
    package var options: OutputOptions
    package var hosts: [LogstashHost]
    /// All hosts get events, not just one after the other fails.
    package var balances: Bool
    /// Connections: to each host if they are balanced, else to the one in use.
    package var connections: Int
    /// Windows under way on one connection.
    package var pipelining: Int
    /// zlib, 1 to 9; 0 sends events as they are.
    package var compressionLevel: Int
    /// Windows begin small and grow with every yes.
    package var startsSlowly: Bool
    /// Nanoseconds after which a connection is made anew; 0: never.
    package var lifetime: Int64
    /// `<`, `>` and `&` are written as `\u003c`, `\u003e` and `\u0026`.
    package var escapesHTML: Bool
    /// What events are said to come from, in `@metadata.beat`.
    package var beat: String

    /// Reads the options of an output of type `logstash`, under Filebeat's names.
    ///
    /// Source: "Configure the Logstash output" in Filebeat's reference.
    package init?(_ section: ConfigurationSection) {
        options = OutputOptions(
            common: section,
            defaults: .init(
                name: "logstash",
                port: LogstashHost.defaultPort,
                bulkMaximumEvents: 2048,
                bulkMaximumBytes: 5_000_000,
                // Bodies are compressed by the encoder, in the protocol's own way.
                compressionLevel: 0,
                timeout: 30_000_000_000
            )
        )
        options.tls = TLSOptions(of: section)
        balances = section.boolean("loadbalance", default: false)
        // Filebeat takes 0 for one after the other, and so does 1.
        pipelining = max(1, section.integer("pipelining", default: 2, in: 0...64))
        compressionLevel = section.integer("compression_level", default: 3, in: 0...9)
        startsSlowly = section.boolean("slow_start", default: false)
        lifetime = section.duration("ttl", default: 0)
        options.isSetUpFirst = section.boolean("setup", default: false)
        escapesHTML = section.boolean("escape_html", default: false)
        beat = section.string("index", default: "sluice")
        hosts = []
        connections = PaceOptions.workers(section) ?? 1
        PaceOptions.acceptRetries(section)
        _ = section.boolean("proxy_use_local_resolver", default: false)
        if let proxy = section.node("proxy_url"), !proxy.isNull {
            section.report(proxy, "there is no way through a SOCKS proxy to Logstash: leave 'proxy_url' out")
        }
        if let queue = section.node("queue"), !queue.isNull {
            section.report(queue, "'queue' has no meaning here: files are their own queue, other inputs have theirs")
        }
        if beat.contains("%{"), let node = section.node("index") {
            section.report(node, "'index' is the same for all events here, as in Filebeat: it takes no '%{…}'")
        }
        readHosts(section)
        guard !hosts.isEmpty else { return nil }
        options.addresses = hosts.map(\.description)
        options.pace.workers = connectionCount * pipelining
        options.pace.isLeftToTransport = true
    }

    /// How many connections there are in all.
    package var connectionCount: Int { balances ? hosts.count * connections : connections }

    private mutating func readHosts(_ section: ConfigurationSection) {
        let written = section.strings("hosts")
        for text in written {
            if let host = LogstashHost(text) {
                hosts.append(host)
            } else if let node = section.node("hosts") {
                section.report(node, "'\(text)' is not a host such as logstash.example.org:\(LogstashHost.defaultPort)")
            }
        }
        if written.isEmpty {
            section.reportMissing("hosts", expected: "a host such as logstash.example.org:\(LogstashHost.defaultPort)")
        }
    }

    package func makeEncoder() -> any OutputEncoder { LogstashEncoder(self) }

    /// The body says how many events, from the first on, were acknowledged before the connection ended.
    package func judge(_ response: OutputResponse, request: OutputRequest) -> Verdict {
        guard response.status != 200 else { return .delivered }
        let taken = Int(response.body.string.prefix { $0.isNumber }) ?? 0
        let reason = String(response.body.string.drop { $0.isNumber }.dropFirst())
        guard taken > 0 else { return .again(reason: reason, after: nil) }
        let verdicts = (0..<request.events.count).map { $0 < taken ? EventVerdict.delivered : .retry }
        return .each(verdicts, reason: reason)
    }

    package func makeTransport(logger: Logger) throws -> (any Transport)? {
        LumberjackTransport(self, logger: logger)
    }

    package func probe(_ destination: String, over road: DestinationRoad) async throws -> Finding {
        guard let host = LogstashHost(destination) else { return .misconfigured("this is no host") }
        return try await LogstashProbe(host: host, options: road.bounded(options), logger: road.logger).run()
    }
}
