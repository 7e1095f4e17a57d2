// SPDX-License-Identifier: Apache-2.0

extension PipelineReport {
    /// Several reports as one JSON text, `{"pipelines": […]}`. Times are nanoseconds since 1970, sizes and offsets bytes.
    package static func json(_ reports: [PipelineReport]) -> String {
        var object = JSONObjectText()
        object.add("pipelines", reports.map(\.json))
        return object.text
    }

    private var json: String {
        var object = JSONObjectText()
        object.add("pipeline", name)
        object.add("running", isRunning)
        object.add("healthy", isHealthy)
        object.add("process", process)
        object.add("time", moment)
        object.add("started", started)
        object.add("inputs", inputs.map { $0.json(at: moment) })
        object.add("outputs", outputs.map(\.json))
        object.add("queues", queues.map(\.json))
        object.add("file_count", fileCount)
        object.add("files", files.map { $0.json(at: moment) })
        return object.text
    }
}

extension InputReport {
    fileprivate func json(at moment: Int64) -> String {
        var object = JSONObjectText()
        object.add("input", name)
        object.add("answering", isAnswering)
        object.add("files_open", open)
        object.add("files_waiting", waiting)
        object.add("files_closed", closed)
        object.add("files_failing", failing)
        object.add("lag_bytes", lag)
        object.add("unread_since", unreadSince)
        object.add("lag_seconds", unreadSince.map { max(0, moment - $0) / 1_000_000_000 } ?? 0)
        object.add("events", events)
        object.add("bytes", bytes)
        object.add("dropped", dropped)
        object.add("parse_failures", parseFailures)
        object.add("truncations", truncations)
        object.add("rotations", rotations)
        return object.text
    }
}

extension OutputReport {
    fileprivate var json: String {
        var object = JSONObjectText()
        object.add("output", name)
        object.add("batches_queued", queued)
        object.add("batches_in_flight", inFlight)
        object.add("delivered", delivered)
        object.add("duplicates", duplicates)
        object.add("retries", retries)
        object.add("dead_letters", deadLetters)
        object.add("dead_letter_bytes", deadLetterBytes)
        object.add("dead_letters_dropped", droppedDeadLetters)
        object.add("limits", limits.map(\.json))
        object.add("hosts", hosts.map(\.json))
        object.add("failing_since", failingSince)
        object.add("failure", failure)
        object.add("last_delivered", lastDelivered)
        object.add("unacknowledged_bytes", unacknowledged)
        return object.text
    }
}

extension LimitReport {
    fileprivate var json: String {
        var object = JSONObjectText()
        object.add("limit", name)
        object.add("truncated", truncated)
        object.add("dropped", dropped)
        object.add("dead_letters", deadLetters)
        return object.text
    }
}

extension HostReport {
    fileprivate var json: String {
        var object = JSONObjectText()
        object.add("host", name)
        object.add("healthy", isHealthy)
        object.add("requests", requests)
        object.add("failures", failures)
        object.add("requests_in_flight", inFlight)
        object.add("concurrency_limit", limit)
        return object.text
    }
}

extension QueueReport {
    fileprivate var json: String {
        var object = JSONObjectText()
        object.add("queue", name)
        object.add("bytes", bytes)
        var outputs = JSONObjectText()
        for output in unacknowledged.keys.sorted() { outputs.add(output, unacknowledged[output]) }
        object.add("unacknowledged", json: outputs.text)
        return object.text
    }
}

extension FileReport {
    fileprivate func json(at moment: Int64) -> String {
        var object = JSONObjectText()
        object.add("path", path)
        object.add("state", state.rawValue)
        object.add("why", why)
        object.add("input", input)
        object.add("generation", generation)
        object.add("device", device)
        object.add("inode", inode)
        object.add("size", size)
        object.add("read", read)
        var outputs = JSONObjectText()
        for output in acknowledged.keys.sorted() { outputs.add(output, acknowledged[output]) }
        object.add("acknowledged", json: outputs.text)
        object.add("lag_bytes", lag)
        object.add("unread_since", unreadSince)
        object.add("lag_seconds", unreadSince.map { max(0, moment - $0) / 1_000_000_000 } ?? 0)
        object.add("modified", modified)
        object.add("last_read", lastRead)
        object.add("doubt", doubt)
        return object.text
    }
}
