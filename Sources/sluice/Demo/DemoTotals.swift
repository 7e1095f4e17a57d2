// SPDX-License-Identifier: Apache-2.0

/// What was written, what arrived, and what it took.
struct DemoTotals {
    struct Arrival: Sendable {
        /// The backend's.
        var name: String
        var audit: SequenceAudit
        var delays: DelayStatistics.Summary?
    }

    /// The log that the demo does not write itself, and that may grow while it runs.
    struct Plain: Sendable {
        var path: String
        var linesAtStart: Int
        var loki: Int
        var elasticsearch: Int
        var linesAtEnd: Int

        var isPerfect: Bool {
            let range = linesAtStart...max(linesAtStart, linesAtEnd)
            return range.contains(loki) && range.contains(elasticsearch)
        }
    }

    let report: ServiceReport
    let metrics: AgentMetrics
    /// The size at which the service's file is changed for a new one.
    let rotationBytes: Int
    let arrivals: [Arrival]
    let plain: Plain?

    var isPerfect: Bool {
        report.dropped == 0 && arrivals.allSatisfy { $0.audit.isPerfect } && plain?.isPerfect ?? true
    }

    func show(on screen: Screen) {
        screen.print()
        screen.heading("Totals (every line was fetched again, and its sequence number looked up)")
        for arrival in arrivals {
            let audit = arrival.audit
            let text =
                "  \(Figures.left(arrival.name, 14))written \(Figures.count(report.numbered))   "
                + "arrived \(Figures.count(audit.arrived))   missing \(Figures.count(audit.missing))   "
                + "twice \(Figures.count(audit.twice))"
            audit.isPerfect ? screen.good(text) : screen.bad(text)
            if audit.unknown > 0 {
                screen.bad("                and \(Figures.count(audit.unknown)) that were not to arrive")
            }
        }
        if let plain {
            let text =
                "  \(Figures.left("dpkg.log", 14))lines \(Figures.count(plain.linesAtEnd))   "
                + "at Loki \(Figures.count(plain.loki))   at Elasticsearch \(Figures.count(plain.elasticsearch))"
            plain.isPerfect ? screen.good(text) : screen.bad(text)
        }
        if report.dropped > 0 { screen.bad("  the service could not write \(Figures.count(report.dropped)) lines") }
        let dropped = metrics.sum("sluice_input_dropped_events_total")
        screen.print(
            "  DEBUG         written \(Figures.count(report.debug))   "
                + "left out by the pipeline's drop_event \(Figures.count(dropped))"
        )
        screen.print("  rotations     \(report.rotations) of app.log, each at \(Figures.bytes(rotationBytes))")
        for arrival in arrivals {
            guard let delays = arrival.delays else { continue }
            screen.print(
                "  delay         \(Figures.left(arrival.name, 13)) median \(Figures.time(delays.median)), "
                    + "99 of 100 within \(Figures.time(delays.high))"
            )
        }
        show("Loki", output: "loki", on: screen)
        show("Elasticsearch", output: "search", on: screen)
    }

    private func show(_ name: String, output: String, on screen: Screen) {
        let label = "output=\"\(output)\""
        let text = metrics.sum("sluice_input_bytes_total")
        let sent = metrics.sum("sluice_output_sent_bytes_total", label)
        let retries = metrics.sum("sluice_output_retries_total", label)
        screen.print(
            "  sent          \(Figures.left(name, 13)) "
                + "\(Figures.count(metrics.sum("sluice_output_requests_total", label))) requests, "
                + "\(Figures.bytes(sent)) on the wire for \(Figures.bytes(text)) of text (1 : "
                + "\(Figures.ratio(text, to: sent)))\(retries > 0 ? ", \(Figures.count(retries)) retries" : "")"
        )
    }
}
