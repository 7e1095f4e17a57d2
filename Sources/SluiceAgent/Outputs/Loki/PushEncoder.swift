// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// Writes push requests: the events of a batch by stream, each as its nanosecond, its line and its metadata. What Loki
/// would refuse is cut or left out, as the output's limits say.
final class PushEncoder<Body: PushBody>: OutputEncoder {
    private let output: LokiOutput
    private var form = Body()
    private var documents = DocumentEncoder(writesTimestamp: false)
    private let line = ByteArena(capacity: 4096)
    private let value = ByteArena(capacity: 256)
    private let metadata = ByteArena(capacity: 256)
    /// The streams of the request that is being written.
    private let streams = StreamTable(Body.labels)
    private let chosen = FlatArray<Chosen>(capacity: 4096)
    private let order = FlatArray<UInt32>(capacity: 4096)
    private var labels: [FormatWriter]
    private var structuredMetadata: [FormatWriter]
    private let limits: PushLimits
    /// Limits that the event at hand was found to be beyond, a bit for each: it counts once.
    private var noted: UInt8 = 0

    private struct Chosen: BitwiseCopyable {
        var event: UInt32
        var stream: UInt32
    }

    init(_ output: LokiOutput) {
        self.output = output
        labels = output.labels.map { FormatWriter($0.value) }
        structuredMetadata = output.structuredMetadata.map { FormatWriter($0.value) }
        limits = output.pushLimits
    }

    func encode(_ batch: EventBatch, selected: EventMask, into builder: RequestBuilder) {
        let omitted = output.removesLabelFields ? omittedKeys(batch) : 0
        for index in labels.indices { labels[index].begin(batch) }
        for index in structuredMetadata.indices { structuredMetadata[index].begin(batch) }
        streams.removeAll()
        chosen.removeAll()
        let now = output.now()
        let age = limits.isAgeLearned ? output.learnedAge.maximum : limits.age.maximum
        let oldest = now.subtractingReportingOverflow(age).partialValue
        let newest = limits.future.maximum > .max - now ? .max : now + limits.future.maximum
        var bytes = 0
        selected.forEach { event in
            noted = 0
            let time = time(of: event, batch)
            if time < oldest, leavesOut(event, .age, limits.age.action, builder, age, time) { return }
            if time > newest, leavesOut(event, .future, limits.future.action, builder, limits.future.maximum, time) {
                return
            }
            let size = Int(batch.events[event].textEnd - batch.events[event].textStart) + 64
            if chosen.count >= output.options.bulkMaximumEvents
                || (bytes + size > output.options.bulkMaximumBytes && !chosen.isEmpty)
            {
                write(batch, omitted, into: builder)
                bytes = 0
            }
            guard let stream = stream(of: event, batch, builder) else { return }
            bytes += size
            chosen.append(Chosen(event: UInt32(event), stream: stream))
        }
        write(batch, omitted, into: builder)
    }

    private func time(of event: Int, _ batch: EventBatch) -> Int64 { max(0, batch.filledTime(of: event)) }

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

    // MARK: Limits

    /// Notes that an event is beyond a limit.
    ///
    /// - Parameters:
    ///   - maximum: the limit.
    ///   - found: what the event has.
    /// - Returns: whether the event is left out, rather than cut.
    private func leavesOut(
        _ event: Int,
        _ kind: PushLimits.Kind,
        _ action: LimitAction,
        _ builder: RequestBuilder,
        _ maximum: Int64,
        _ found: Int64
    ) -> Bool {
        let bit: UInt8 = 1 << UInt8(kind.rawValue)
        if noted & bit == 0 {
            noted |= bit
            builder.limit(event, kind.rawValue, action, reason: PushRefusal.words(kind, maximum, found))
        }
        return action != .truncate
    }

    // MARK: Streams

    /// The number of the stream that an event's labels make; nil if the event is left out because of them.
    private func stream(of event: Int, _ batch: EventBatch, _ builder: RequestBuilder) -> UInt32? {
        let start = streams.begin()
        var count: Int64 = 0
        for index in labels.indices {
            value.removeAll()
            // A label without a value is none, as in Loki itself.
            guard labels[index].append(batch, event, to: value), !value.isEmpty else { continue }
            // Loki does not count the one that it adds itself.
            if output.labels[index].name != "service_name" { count += 1 }
            if count > limits.labelCount.maximum {
                let limit = limits.labelCount
                if leavesOut(event, .labelCount, limit.action, builder, limit.maximum, count) {
                    streams.cancel(start)
                    return nil
                }
                continue
            }
            if value.count > limits.labelValue.maximum {
                let limit = limits.labelValue
                if leavesOut(event, .labelValue, limit.action, builder, limit.maximum, Int64(value.count)) {
                    streams.cancel(start)
                    return nil
                }
                value.truncate(to: UTF8Sequence.cut(value.view, to: Int(limit.maximum)))
            }
            streams.append(output.labels[index].name, value.view)
        }
        return streams.end(start)
    }

    // MARK: Requests

    private func write(_ batch: EventBatch, _ omitted: UInt64, into builder: RequestBuilder) {
        guard !chosen.isEmpty else { return }
        sortByStream()
        let body = builder.body
        var current: UInt32?
        for place in 0..<order.count {
            let choice = chosen[Int(order[place])]
            let event = Int(choice.event)
            noted = 0
            guard let text = text(of: event, batch, omitted, builder) else { continue }
            if !output.structuredMetadata.isEmpty, !collectMetadata(of: event, batch, builder) { continue }
            if choice.stream != current {
                if current != nil { form.endStream(body) }
                // Of a request with several streams Loki's answer tells the last one's fate alone.
                if output.isStrict, current != nil { finish(builder) }
                if current == nil || output.isStrict { form.beginRequest(body) }
                current = choice.stream
                form.beginStream(streams.labels(choice.stream), body)
            }
            form.appendEntry(
                time(of: event, batch),
                text.line,
                isTrusted: text.isTrusted,
                metadata: metadata.view,
                body
            )
            builder.add(Int32(truncatingIfNeeded: choice.event))
        }
        if current != nil {
            form.endStream(body)
            finish(builder)
        }
        chosen.removeAll()
        streams.removeAll()
    }

    private func finish(_ builder: RequestBuilder) {
        form.endRequest(builder.body)
        builder.finish(target: LokiOutput.pushPath, contentType: Body.contentType)
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

    /// An event's line, and whether it is known to be UTF-8; nil if it is too long and left out.
    private func text(
        of event: Int,
        _ batch: EventBatch,
        _ omitted: UInt64,
        _ builder: RequestBuilder
    ) -> (line: ByteView, isTrusted: Bool)? {
        var text: (line: ByteView, isTrusted: Bool)
        let isParsed = batch.events[event].flags.contains(.parsed)
        if output.line == .json || (output.line == .auto && isParsed) {
            line.removeAll()
            documents.encode(batch, event, omitted: omitted, to: line)
            text = (line.view, true)
        } else {
            text = (batch.arena.view(batch.events[event].textStart, batch.events[event].textEnd), false)
        }
        let limit = limits.lineSize
        if text.line.count > limit.maximum {
            if leavesOut(event, .lineSize, limit.action, builder, limit.maximum, Int64(text.line.count)) { return nil }
            text.line = text.line[0..<UTF8Sequence.cut(text.line, to: Int(limit.maximum))]
        }
        return text
    }

    /// Writes an event's metadata to `metadata`.
    ///
    /// - Returns: false if it is too much, and the event left out.
    private func collectMetadata(of event: Int, _ batch: EventBatch, _ builder: RequestBuilder) -> Bool {
        metadata.removeAll()
        var count: Int64 = 0
        var bytes = 0
        for index in structuredMetadata.indices {
            value.removeAll()
            guard structuredMetadata[index].append(batch, event, to: value) else { continue }
            let name = output.structuredMetadata[index].name
            count += 1
            if count > limits.metadataCount.maximum {
                let limit = limits.metadataCount
                if leavesOut(event, .metadataCount, limit.action, builder, limit.maximum, count) { return false }
                continue
            }
            let room = Int(clamping: limits.metadataSize.maximum) - bytes - name.utf8.count
            if value.count > room {
                let limit = limits.metadataSize
                let found = Int64(bytes + name.utf8.count + value.count)
                if leavesOut(event, .metadataSize, limit.action, builder, limit.maximum, found) { return false }
                guard room > 0 else { continue }
                value.truncate(to: UTF8Sequence.cut(value.view, to: room))
            }
            bytes += name.utf8.count + value.count
            form.appendMetadata(name, value.view, metadata)
        }
        return true
    }
}
