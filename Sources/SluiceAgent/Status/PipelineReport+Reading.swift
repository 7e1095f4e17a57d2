// SPDX-License-Identifier: Apache-2.0

extension PipelineReport {
    /// Reads what ``json(_:)`` has written; what is missing is as in a new report. Nil if it is something else.
    package static func read(_ content: JSONContent) -> [PipelineReport]? {
        content["pipelines"]?.elements.map { $0.compactMap(PipelineReport.init) }
    }

    private init?(_ content: JSONContent) {
        guard let name = content["pipeline"]?.text else { return nil }
        self.init(
            name: name,
            isRunning: content["running"]?.boolean ?? false,
            moment: content["time"]?.integer ?? 0
        )
        process = content["process"]?.integer.flatMap { Int32(exactly: $0) }
        started = content["started"]?.integer
        inputs = (content["inputs"]?.elements ?? []).compactMap(InputReport.init)
        outputs = (content["outputs"]?.elements ?? []).compactMap(OutputReport.init)
        queues = (content["queues"]?.elements ?? []).compactMap(QueueReport.init)
        files = (content["files"]?.elements ?? []).compactMap(FileReport.init)
        fileCount = content.number("file_count")
    }
}

extension InputReport {
    fileprivate init?(_ content: JSONContent) {
        guard let name = content["input"]?.text else { return nil }
        self.init(name: name)
        isAnswering = content["answering"]?.boolean ?? true
        open = content.number("files_open")
        waiting = content.number("files_waiting")
        closed = content.number("files_closed")
        failing = content.number("files_failing")
        lag = content["lag_bytes"]?.integer ?? 0
        unreadSince = content["unread_since"]?.integer
        events = content.number("events")
        bytes = content.number("bytes")
        dropped = content.number("dropped")
        parseFailures = content.number("parse_failures")
        truncations = content.number("truncations")
        rotations = content.number("rotations")
    }
}

extension OutputReport {
    fileprivate init?(_ content: JSONContent) {
        guard let name = content["output"]?.text else { return nil }
        self.init(name: name)
        queued = content.number("batches_queued")
        inFlight = content.number("batches_in_flight")
        delivered = content.number("delivered")
        duplicates = content.number("duplicates")
        retries = content.number("retries")
        deadLetters = content["dead_letters"]?.integer ?? 0
        deadLetterBytes = content["dead_letter_bytes"]?.integer ?? 0
        droppedDeadLetters = content["dead_letters_dropped"]?.integer ?? 0
        limits = (content["limits"]?.elements ?? []).compactMap(LimitReport.init)
        hosts = (content["hosts"]?.elements ?? []).compactMap(HostReport.init)
        failingSince = content["failing_since"]?.integer
        failure = content["failure"]?.text
        lastDelivered = content["last_delivered"]?.integer
        unacknowledged = content["unacknowledged_bytes"]?.integer ?? 0
    }
}

extension LimitReport {
    fileprivate init?(_ content: JSONContent) {
        guard let name = content["limit"]?.text else { return nil }
        self.init(name: name)
        truncated = content.number("truncated")
        dropped = content.number("dropped")
        deadLetters = content.number("dead_letters")
    }
}

extension HostReport {
    fileprivate init?(_ content: JSONContent) {
        guard let name = content["host"]?.text else { return nil }
        self.init(name: name)
        isHealthy = content["healthy"]?.boolean ?? true
        requests = content.number("requests")
        failures = content.number("failures")
        inFlight = content.number("requests_in_flight")
        limit = content.number("concurrency_limit")
    }
}

extension QueueReport {
    fileprivate init?(_ content: JSONContent) {
        guard let name = content["queue"]?.text else { return nil }
        self.init(name: name)
        unacknowledged = (content["unacknowledged"]?.members ?? [:]).compactMapValues(\.integer)
    }
}

extension FileReport {
    fileprivate init?(_ content: JSONContent) {
        guard let path = content["path"]?.text, let state = content["state"]?.text.flatMap(State.init(rawValue:)) else {
            return nil
        }
        self.init(path: path, state: state, why: content["why"]?.text ?? "")
        input = content["input"]?.text
        generation = content["generation"]?.text
        device = content["device"]?.unsigned
        inode = content["inode"]?.unsigned
        size = content["size"]?.integer
        read = content["read"]?.integer ?? 0
        acknowledged = (content["acknowledged"]?.members ?? [:]).compactMapValues(\.integer)
        modified = content["modified"]?.integer
        lastRead = content["last_read"]?.integer
        unreadSince = content["unread_since"]?.integer
        doubt = content["doubt"]?.text
    }
}

extension JSONContent {
    /// A member that counts something; 0 if it is missing.
    fileprivate func number(_ key: String) -> Int { self[key]?.integer.flatMap { Int(exactly: $0) } ?? 0 }
}
