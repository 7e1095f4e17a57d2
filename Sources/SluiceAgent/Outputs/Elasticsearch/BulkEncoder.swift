// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// Writes bulk requests: an action line and a document for each event.
///
/// The index stands in the request's path, and in an action only where it is another one: bodies stay small.
final class BulkEncoder: OutputEncoder {
    /// Of the answer only what verdicts need.
    private static let query = "?filter_path=errors,items.*.status,items.*.error,items.*.failure_store"

    private let output: ElasticsearchOutput
    private let constantIndex: [UInt8]?
    private var documents = DocumentEncoder(writesTimestamp: true)
    private let name = ByteArena(capacity: 256)
    private let sanitised = ByteArena(capacity: 256)
    private let requestIndex = ByteArena(capacity: 256)
    private let lookup = LookupScratch()

    init(_ output: ElasticsearchOutput) {
        self.output = output
        constantIndex = output.index.constant.map { Array($0.utf8) }
    }

    func encode(_ batch: EventBatch, selected: EventMask, into builder: RequestBuilder) {
        let body = builder.body
        requestIndex.removeAll()
        if let constantIndex { requestIndex.append(constantIndex) }
        // A copy for the loop: a field of the class would be checked for overlapping accesses at every event.
        var documents = documents
        defer { self.documents = documents }
        selected.forEach { event in
            // What an event adds to its text (id, time, fields) is guessed: the limit is a size to aim at.
            let size = Int(batch.events[event].textEnd - batch.events[event].textStart) + 256
            if builder.events.count >= output.options.bulkMaximumEvents
                || builder.bodyBytes + size > output.options.bulkMaximumBytes
            {
                finish(builder)
            }
            write(batch, event, &documents, to: body)
            builder.add(Int32(truncatingIfNeeded: event))
        }
        finish(builder)
    }

    private func write(
        _ batch: EventBatch,
        _ event: Int,
        _ documents: inout DocumentEncoder,
        to body: ByteArena
    ) {
        body.append("{\"create\":{\"_id\":\"")
        batch.appendID(of: event, to: body)
        if constantIndex == nil {
            name.removeAll()
            sanitised.removeAll()
            if output.index.append(batch, event, to: name, lookup: lookup) {
                IndexName.appendSanitised(name.view, to: sanitised)
            }
            if sanitised.isEmpty { sanitised.append("logs-sluice-default") }
            if requestIndex.isEmpty {
                requestIndex.append(sanitised.view)
            } else if !(sanitised.view == requestIndex.view) {
                body.append("\",\"_index\":")
                body.appendJSONString(sanitised.view)
                body.append("}}\n")
                documents.encode(batch, event, to: body)
                body.append(UInt8(ascii: "\n"))
                return
            }
        }
        body.append("\"}}\n")
        documents.encode(batch, event, to: body)
        body.append(UInt8(ascii: "\n"))
    }

    private func finish(_ builder: RequestBuilder) {
        guard !builder.events.isEmpty else { return }
        var target = "/" + requestIndex.string + "/_bulk" + Self.query
        if let pipeline = output.pipeline { target += "&pipeline=" + pipeline }
        builder.finish(target: target, contentType: "application/x-ndjson")
        if constantIndex == nil { requestIndex.removeAll() }
    }
}
