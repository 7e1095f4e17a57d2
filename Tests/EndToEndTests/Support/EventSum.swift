// SPDX-License-Identifier: Apache-2.0

/// Whether `/metrics` has each event that was read once: dropped by a rule, settled in some way, or in flight.
struct EventSum: CustomStringConvertible {
    let read: Double
    let dropped: Double
    /// Of one output.
    let settled: Double
    let inFlight: Double

    init(_ metrics: PrometheusText, output: String) {
        read = metrics.sum("sluice_input_events_total")
        dropped = metrics.sum("sluice_input_dropped_events_total")
        settled = metrics.sum("sluice_output_events_total", ["output": output])
        inFlight = metrics.sum("sluice_output_in_flight_events", ["output": output])
    }

    var isEven: Bool { read == dropped + settled + inFlight && inFlight >= 0 }

    var description: String { "read \(read), dropped \(dropped), settled \(settled), in flight \(inFlight)" }
}
