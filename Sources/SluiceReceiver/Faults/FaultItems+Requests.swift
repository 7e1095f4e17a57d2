// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

extension FaultItems {
    /// Refuses items of a bulk request.
    func apply(to request: BulkRequest) {
        let type = status == 429 ? "es_rejected_execution_exception" : "document_parsing_exception"
        for (index, isRefused) in refusals(count: request.items.count).enumerated() where isRefused {
            request.items[index].error = ElasticsearchError(status, type, "a fault that was asked for")
        }
    }

    /// Refuses entries of a push, and with 429 or a status of success whole streams, as a Loki does: its rate limits are
    /// those of streams, and its 204 can hide that one was refused, unless it is the last one, of which the answer tells.
    func apply(to push: LokiPush) {
        if status == 429 || status < 300 {
            let refused = refusals(count: push.streams.count)
            var kept: [LokiPush.Stream] = []
            for (stream, isRefused) in zip(push.streams, refused) {
                if isRefused { push.refusedEntries += stream.entries.count } else { kept.append(stream) }
            }
            guard kept.count < push.streams.count else { return }
            push.streams = kept
            if status < 300 {
                if refused.last == true { push.fault = Self.refusal(429) }
                return
            }
        } else {
            let refused = refusals(count: push.entries.count)
            var kept: [LokiPush.Entry] = []
            for index in push.streams.indices {
                let start = kept.count
                for entry in push.streams[index].entries where !refused[entry] { kept.append(push.entries[entry]) }
                push.streams[index].entries = start..<kept.count
            }
            guard kept.count < push.entries.count else { return }
            push.refusedEntries += push.entries.count - kept.count
            push.entries = kept
        }
        push.fault = Self.refusal(status)
    }

    private static func refusal(_ status: Int) -> HTTPReply {
        HTTPReply(status: status, text: "a fault that was asked for\n")
    }
}
