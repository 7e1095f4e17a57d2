// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// What inputs of the types `syslog`, `tcp`, `udp` and `unix` can be told.
struct SyslogInputOptions: InputConfiguration {
    var queue: QueueOptions
    var listener: ListenerOptions
    let ownParser: (@Sendable () -> any EventParser)?

    var name: String { queue.name }
    var isQueued: Bool { true }

    /// `type: syslog`, with one of `protocol.tcp`, `protocol.udp` and `protocol.unix`.
    init?(syslog section: ConfigurationSection, number: Int, _ context: ProcessorContext) {
        queue = QueueOptions(section, type: "syslog", number: number, hostName: context.host.name)
        let problems = section.problems.count
        let format = section.choice("format", of: SyslogReader.Format.self, default: .auto)
        let zone = SyslogEventParser.zone(section, context)
        ownParser = { SyslogEventParser(SyslogReader(format: format, zone: zone)) }
        let transports: [ListenerOptions.Transport] = [.tcp, .udp, .unix]
        let given = transports.filter { section.node("protocol.\($0.rawValue)") != nil }
        guard given.count == 1, let transport = given.first,
            let options = section.section("protocol.\(transport.rawValue)")
        else {
            if given.isEmpty {
                section.reportMissing(
                    "protocol",
                    expected: "one of tcp, udp and unix with its options, such as udp: {host: \"127.0.0.1:5514\"}"
                )
            } else if let node = section.node("protocol.\(given[1].rawValue)") {
                section.report(
                    node,
                    "an input listens in one way: \(given.map(\.rawValue).joined(separator: " and ")) are inputs of their own"
                )
                section.accept("protocol")
            }
            return nil
        }
        guard let listener = ListenerOptions(transport, options, framing: .rfc6587),
            section.problems.count == problems
        else { return nil }
        self.listener = listener
    }

    /// `type: tcp`, `udp` or `unix`: messages as they are, unless `parse` says more.
    init?(
        transport: ListenerOptions.Transport,
        _ section: ConfigurationSection,
        number: Int,
        _ context: ProcessorContext
    ) {
        queue = QueueOptions(section, type: transport.rawValue, number: number, hostName: context.host.name)
        ownParser = nil
        guard let listener = ListenerOptions(transport, section, framing: .delimiter) else { return nil }
        self.listener = listener
    }

    func makeInput(_ environment: InputEnvironment) throws -> any Input {
        let counters = InputCounters(name: name)
        var source: (any QueueSource)?
        // A run with an end delivers what has come before, and takes nothing more.
        if !environment.isOnce {
            source =
                listener.isDatagram
                ? try DatagramSource(listener, input: name, counters: counters, logger: environment.logger)
                : try StreamSource(listener, input: name, counters: counters, logger: environment.logger)
        }
        return try QueueInput(queue, counters: counters, source: source, environment)
    }
}
