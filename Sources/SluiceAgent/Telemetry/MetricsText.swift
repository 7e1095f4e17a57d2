// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The agent's counters in Prometheus' text format, version 0.0.4.
package enum MetricsText {
    /// - Parameter files: of each pipeline, what its inputs say of their files.
    package static func write(_ pipelines: [Pipeline], files: [[InputReport]] = []) -> String {
        var text = ""
        func metric(_ name: String, _ help: String, _ type: String, _ values: [(labels: String, value: Int)]) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
            for value in values { text += "\(name){\(value.labels)} \(value.value)\n" }
        }
        func inputs(_ value: (InputCounters) -> Int) -> [(labels: String, value: Int)] {
            pipelines.flatMap { pipeline in
                pipeline.inputCounters.map {
                    ("pipeline=\"\(escape(pipeline.configuration.name))\",input=\"\(escape($0.name))\"", value($0))
                }
            }
        }
        // An input that does not answer has no value, rather than a wrong one.
        func reports(_ value: (InputReport) -> Int) -> [(labels: String, value: Int)] {
            zip(pipelines, files).flatMap { pipeline, reports in
                reports.filter(\.isAnswering).map {
                    ("pipeline=\"\(escape(pipeline.configuration.name))\",input=\"\(escape($0.name))\"", value($0))
                }
            }
        }
        func outputs(_ value: (OutputCounters) -> Int) -> [(labels: String, value: Int)] {
            pipelines.flatMap { pipeline in
                pipeline.outputCounters.map {
                    ("pipeline=\"\(escape(pipeline.configuration.name))\",output=\"\(escape($0.name))\"", value($0))
                }
            }
        }
        // Read at one instant, so that they add up.
        let counts = pipelines.map(\.eventCounts)
        func inputCounts(_ value: (EventCounts.Input) -> Int) -> [(labels: String, value: Int)] {
            zip(inputs { _ in 0 }, counts.flatMap(\.inputs)).map { ($0.labels, value($1)) }
        }
        let outputCounts = Array(zip(outputs { _ in 0 }, counts.flatMap(\.outputs)))
        metric(
            "sluice_input_events_total",
            "Events read.",
            "counter",
            inputCounts(\.read)
        )
        metric("sluice_input_bytes_total", "Bytes read.", "counter", inputs { $0.bytes.load(ordering: .relaxed) })
        metric(
            "sluice_input_parse_failures_total",
            "Events that could not be parsed, and went on as text.",
            "counter",
            inputs { $0.parseFailures.load(ordering: .relaxed) }
        )
        metric(
            "sluice_input_dropped_events_total",
            "Events dropped by a processor.",
            "counter",
            inputCounts(\.dropped)
        )
        metric(
            "sluice_input_truncated_events_total",
            "Events that were longer than max_bytes, and cut.",
            "counter",
            inputs { $0.truncated.load(ordering: .relaxed) }
        )
        metric(
            "sluice_input_open_files",
            "Files that are open.",
            "gauge",
            inputs { $0.openFiles.load(ordering: .relaxed) }
        )
        metric(
            "sluice_input_failed_paths",
            "Paths that match and cannot be read.",
            "gauge",
            inputs { $0.failedFiles.load(ordering: .relaxed) }
        )
        metric("sluice_input_waiting_files", "Files that wait to be opened.", "gauge", reports(\.waiting))
        metric(
            "sluice_input_lag_bytes",
            "Bytes of files that some output has not taken yet.",
            "gauge",
            reports { Int($0.lag) }
        )
        let now = SystemClock.now()
        metric(
            "sluice_input_oldest_unread_seconds",
            "For how long the oldest of these bytes have been there.",
            "gauge",
            reports { $0.unreadSince.map { Int(max(0, now - $0) / 1_000_000_000) } ?? 0 }
        )
        metric(
            "sluice_input_truncations_total",
            "Files that were truncated, or written anew.",
            "counter",
            inputs { $0.truncations.load(ordering: .relaxed) }
        )
        metric(
            "sluice_input_rotations_total",
            "Files that took the name of another.",
            "counter",
            inputs { $0.rotations.load(ordering: .relaxed) }
        )
        metric(
            "sluice_input_queue_bytes",
            "Bytes in the input's queue that some output has not taken yet.",
            "gauge",
            inputs { $0.queueBytes.load(ordering: .relaxed) }
        )
        metric(
            "sluice_input_dropped_datagrams_total",
            "Datagrams that the queue or the system had no room for.",
            "counter",
            inputs { $0.droppedDatagrams.load(ordering: .relaxed) }
        )
        metric(
            "sluice_input_queue_overflow_total",
            "Messages that the queue of an output that is not required had no room for.",
            "counter",
            inputs { $0.overflow.load(ordering: .relaxed) }
        )
        metric(
            "sluice_input_lost_bytes_total",
            "Bytes of files that were gone before every output had them.",
            "counter",
            inputs { $0.lostBytes.load(ordering: .relaxed) }
        )
        metric(
            "sluice_input_refused_requests_total",
            "Requests that were refused.",
            "counter",
            inputs { $0.refusedRequests.load(ordering: .relaxed) }
        )
        metric(
            "sluice_input_connections",
            "Connections that are open.",
            "gauge",
            inputs { $0.connections.load(ordering: .relaxed) }
        )
        metric(
            "sluice_output_events_total",
            "Events by what became of them.",
            "counter",
            outputCounts.flatMap { output, counts in
                counts.results.map { (output.labels + ",result=\"\($0.name)\"", $0.events) }
            }
        )
        metric(
            "sluice_output_in_flight_events",
            "Events that were read and have not become any of these yet.",
            "gauge",
            outputCounts.map { ($0.labels, $1.inFlight) }
        )
        metric(
            "sluice_output_limited_events_total",
            "Events that the destination would refuse, by limit and what was done with them.",
            "counter",
            pipelines.flatMap { pipeline in
                pipeline.outputCounters.flatMap { output in
                    output.limits.flatMap { limit in
                        let labels =
                            "pipeline=\"\(escape(pipeline.configuration.name))\",output=\"\(escape(output.name))\","
                            + "limit=\"\(escape(limit.name))\""
                        return [
                            (labels + ",action=\"truncate\"", limit.truncated.load(ordering: .relaxed)),
                            (labels + ",action=\"drop\"", limit.dropped.load(ordering: .relaxed)),
                            (labels + ",action=\"dead_letter\"", limit.deadLetters.load(ordering: .relaxed)),
                        ]
                    }
                }
            }
        )
        let letters = pipelines.map { StateReader.deadLetters(in: $0.stateDirectory) }
        func deadLetters(_ value: (DeadLetterTotals) -> Int64) -> [(labels: String, value: Int)] {
            zip(pipelines, letters).flatMap { pipeline, letters in
                pipeline.outputCounters.map {
                    (
                        "pipeline=\"\(escape(pipeline.configuration.name))\",output=\"\(escape($0.name))\"",
                        Int(value(letters[$0.name] ?? DeadLetterTotals()))
                    )
                }
            }
        }
        metric("sluice_dead_letters", "Dead letters that are kept.", "gauge", deadLetters(\.letters))
        metric("sluice_dead_letter_bytes", "Bytes of dead letters that are kept.", "gauge", deadLetters(\.bytes))
        metric(
            "sluice_dropped_dead_letters_total",
            "Dead letters that there was no room for.",
            "counter",
            deadLetters(\.dropped)
        )
        metric(
            "sluice_output_requests_total",
            "Requests that were answered with a yes.",
            "counter",
            outputs { $0.requests.load(ordering: .relaxed) }
        )
        metric(
            "sluice_output_retries_total",
            "Pauses before another try.",
            "counter",
            outputs { $0.retries.load(ordering: .relaxed) }
        )
        metric(
            "sluice_output_sent_bytes_total",
            "Bytes of request bodies, as sent.",
            "counter",
            outputs { $0.sentBytes.load(ordering: .relaxed) }
        )
        metric(
            "sluice_output_body_bytes_total",
            "Bytes of request bodies, before compression.",
            "counter",
            outputs { $0.plainBytes.load(ordering: .relaxed) }
        )
        metric(
            "sluice_output_failing",
            "1 while an output fails.",
            "gauge",
            outputs { $0.isFailing.load(ordering: .relaxed) }
        )
        for host in hostMetrics(pipelines) { metric(host.name, host.help, host.type, host.values) }
        metric(
            "sluice_batches_in_flight",
            "Batches between reading and acknowledgement.",
            "gauge",
            pipelines.map { ("pipeline=\"\(escape($0.configuration.name))\"", $0.batchesInFlight) }
        )
        return text
    }

    /// A label's value as the format wants it.
    static func escape(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result
    }
}
