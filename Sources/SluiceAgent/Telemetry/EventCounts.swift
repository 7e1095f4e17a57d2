// SPDX-License-Identifier: Apache-2.0

/// Where the events of a pipeline are at one instant. For each output, what was read is what was dropped by a rule, what
/// became something in `results`, and what is in flight.
struct EventCounts {
    struct Input {
        var read: Int
        var dropped: Int
    }

    struct Output {
        /// Events by what became of them, under the names that `/metrics` has.
        var results: [(name: String, events: Int)]
        var inFlight: Int
    }

    var inputs: [Input]
    var outputs: [Output]

    init(_ inputs: [InputCounters], _ outputs: [OutputCounters], ledger: EventLedger) {
        (self.inputs, self.outputs) = ledger.inOneGo {
            // What has not come to the outputs yet is in flight to each of them.
            let underWay = inputs.reduce(0) { $0 + $1.underWay.load(ordering: .relaxed) }
            return (
                inputs.map {
                    Input(read: $0.events.load(ordering: .relaxed), dropped: $0.dropped.load(ordering: .relaxed))
                },
                outputs.map { counters in
                    Output(
                        results: [
                            ("delivered", counters.delivered.load(ordering: .relaxed)),
                            ("duplicate", counters.duplicates.load(ordering: .relaxed)),
                            ("failure_store", counters.redirected.load(ordering: .relaxed)),
                            ("unrouted", counters.unrouted.load(ordering: .relaxed)),
                            ("skipped", counters.skipped.load(ordering: .relaxed)),
                            ("dead_letter", counters.deadLetters.load(ordering: .relaxed)),
                            ("dropped", counters.dropped),
                        ],
                        inFlight: underWay + counters.eventsInFlight.load(ordering: .relaxed)
                    )
                }
            )
        }
    }
}
