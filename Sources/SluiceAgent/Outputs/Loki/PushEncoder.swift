// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// Writes push requests: the events of a batch by stream, each as its nanosecond, its line and its metadata.
final class PushEncoder: OutputEncoder {
    private let output: LokiOutput
    private var documents = DocumentEncoder(writesTimestamp: false)
    private let line = ByteArena(capacity: 4096)
    private let value = ByteArena(capacity: 256)
    /// The streams of the request that is being written: `{"label":"value"}` of each, one behind the other.
    private let streams = StreamTable()
    private let chosen = FlatArray<Chosen>(capacity: 4096)
    private let order = FlatArray<UInt32>(capacity: 4096)
    private var labels: [FormatWriter]
    private var structuredMetadata: [FormatWriter]

    private struct Chosen: BitwiseCopyable {
        var event: UInt32
        var stream: UInt32
    }

    init(_ output: LokiOutput) {
        self.output = output
        labels = output.labels.map { FormatWriter($0.value) }
        structuredMetadata = output.structuredMetadata.map { FormatWriter($0.value) }
    }

    func encode(_ batch: EventBatch, selected: EventMask, into builder: RequestBuilder) {
        let omitted = output.removesLabelFields ? omittedKeys(batch) : 0
        for index in labels.indices { labels[index].begin(batch) }
        for index in structuredMetadata.indices { structuredMetadata[index].begin(batch) }
        streams.removeAll()
        chosen.removeAll()
        var bytes = 0
        selected.forEach { event in
            let size = Int(batch.events[event].textEnd - batch.events[event].textStart) + 64
            if chosen.count >= output.options.bulkMaximumEvents
                || (bytes + size > output.options.bulkMaximumBytes && !chosen.isEmpty)
            {
                write(batch, omitted, into: builder)
                bytes = 0
            }
            bytes += size
            chosen.append(Chosen(event: UInt32(event), stream: stream(of: event, batch)))
        }
        write(batch, omitted, into: builder)
    }

    /// Which keys became labels or metadata, and are not to be written again.
    private func omittedKeys(_ batch: EventBatch) -> UInt64 {
        var omitted: UInt64 = 0
        for label in output.labels + output.structuredMetadata {
            guard let field = label.value.singleField, field.components.count == 1 else { continue }
            guard let key = batch.keys.existingNumber(of: field.text) else { continue }
            if key < 64 { omitted |= 1 << UInt64(key) }
        }
        return omitted
    }

    /// The number of the stream that an event's labels make.
    private func stream(of event: Int, _ batch: EventBatch) -> UInt32 {
        let start = streams.begin()
        for index in labels.indices {
            value.removeAll()
            // A label without a value is none, as in Loki itself.
            guard labels[index].append(batch, event, to: value), !value.isEmpty else { continue }
            streams.append(output.labels[index].name, value.view)
        }
        return streams.end(start)
    }

    private func write(_ batch: EventBatch, _ omitted: UInt64, into builder: RequestBuilder) {
        guard !chosen.isEmpty else { return }
        sortByStream()
        let body = builder.body
        body.append("{\"streams\":[")
        var current: UInt32?
        for place in 0..<order.count {
            let choice = chosen[Int(order[place])]
            if choice.stream != current {
                if current != nil { body.append("]},") }
                current = choice.stream
                body.append("{\"stream\":")
                body.append(streams.labels(choice.stream))
                body.append(",\"values\":[")
            } else {
                body.append(UInt8(ascii: ","))
            }
            writeEntry(batch, Int(choice.event), omitted, to: body)
            builder.events.append(Int32(truncatingIfNeeded: choice.event))
        }
        body.append("]}]}")
        builder.finish(target: LokiOutput.pushPath, contentType: "application/json")
        chosen.removeAll()
        streams.removeAll()
    }

    /// Orders the chosen events by stream, and leaves those of one stream in their order: a counting sort.
    private func sortByStream() {
        order.removeAll()
        order.append(repeating: 0, count: chosen.count)
        var starts = [Int](repeating: 0, count: streams.count + 1)
        for index in 0..<chosen.count { starts[Int(chosen[index].stream) + 1] += 1 }
        for stream in 0..<streams.count { starts[stream + 1] += starts[stream] }
        for index in 0..<chosen.count {
            let stream = Int(chosen[index].stream)
            order[starts[stream]] = UInt32(index)
            starts[stream] += 1
        }
    }

    private func writeEntry(_ batch: EventBatch, _ event: Int, _ omitted: UInt64, to body: ByteArena) {
        body.append("[\"")
        body.append(decimal: max(0, batch.filledTime(of: event)))
        body.append("\",")
        let isParsed = batch.events[event].flags.contains(.parsed)
        if output.line == .json || (output.line == .auto && isParsed) {
            line.removeAll()
            documents.encode(batch, event, omitted: omitted, to: line)
            body.append(UInt8(ascii: "\""))
            body.appendJSONStringContent(line.view, isTrusted: true)
            body.append(UInt8(ascii: "\""))
        } else {
            body.appendJSONString(batch.arena.view(batch.events[event].textStart, batch.events[event].textEnd))
        }
        if !output.structuredMetadata.isEmpty { writeMetadata(batch, event, to: body) }
        body.append(UInt8(ascii: "]"))
    }

    private func writeMetadata(_ batch: EventBatch, _ event: Int, to body: ByteArena) {
        let start = body.count
        body.append(",{")
        let first = body.count
        for index in structuredMetadata.indices {
            value.removeAll()
            guard structuredMetadata[index].append(batch, event, to: value) else { continue }
            if body.count > first { body.append(UInt8(ascii: ",")) }
            body.append(UInt8(ascii: "\""))
            body.append(output.structuredMetadata[index].name)
            body.append("\":")
            body.appendJSONString(value.view)
        }
        if body.count == first { body.truncate(to: start) } else { body.append(UInt8(ascii: "}")) }
    }
}
