// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceCompression
import SluiceEvents

/// Writes events as Filebeat's documents, with `@metadata`, in the frames of a window.
///
/// A request is a whole window; where windows have to grow first, it is the events' frames alone, and the transport
/// makes windows of them.
final class LogstashEncoder: OutputEncoder {
    private let output: LogstashOutput
    /// Nil too where zlib found no memory: what is not compressed is understood as well.
    private let compressor: GzipCompressor?
    private var documents = DocumentEncoder(writesTimestamp: true)
    private let frames = ByteArena(capacity: 64 << 10)
    private let scratch = ByteArena(capacity: 1024)
    private let index = JSONIndex()
    /// `"beat":…,"type":…,"version":…`
    private let origin: [UInt8]

    init(_ output: LogstashOutput) {
        self.output = output
        compressor =
            output.compressionLevel > 0 && !output.startsSlowly
            ? try? GzipCompressor(level: output.compressionLevel, wrapper: .zlib) : nil
        let origin = ByteArena(capacity: 128)
        origin.append("\"beat\":")
        _ = output.beat.withByteView { beat in origin.appendJSONString(beat) }
        origin.append(",\"type\":\"_doc\",\"version\":\"" + AgentVersion.text + "\"")
        self.origin = origin.view.array
    }

    func encode(_ batch: EventBatch, selected: EventMask, into builder: RequestBuilder) {
        var documents = documents
        defer { self.documents = documents }
        frames.removeAll()
        selected.forEach { event in
            // What an event adds to its text is guessed: the limit is a size to aim at.
            let size = Int(batch.events[event].textEnd - batch.events[event].textStart) + 512
            if builder.events.count >= output.options.bulkMaximumEvents
                || frames.count + size > output.options.bulkMaximumBytes
            {
                finish(builder)
            }
            builder.add(Int32(truncatingIfNeeded: event))
            let start = LumberjackFrame.beginEvent(sequence: builder.events.count, in: frames)
            write(batch, event, &documents)
            LumberjackFrame.endEvent(start, in: frames)
        }
        finish(builder)
        if frames.capacity > 8 << 20 { frames.shrink(to: 1 << 20) }
    }

    private func write(_ batch: EventBatch, _ event: Int, _ documents: inout DocumentEncoder) {
        let start = frames.count
        documents.encode(batch, event, to: frames)
        // The object is opened again for one more member.
        frames.truncate(to: frames.count - 1)
        if frames.count > start + 1 { frames.append(UInt8(ascii: ",")) }
        frames.append("\"@metadata\":{")
        frames.append(origin)
        if !writeOwnMetadata(batch, event) {
            frames.append(",\"_id\":\"")
            batch.appendID(of: event, to: frames)
            frames.append(UInt8(ascii: "\""))
        }
        frames.append("}}")
        if output.escapesHTML { escapeHTML(from: start) }
    }

    /// Writes what processors put into the event's `@metadata`.
    ///
    /// - Returns: whether an id is among it.
    private func writeOwnMetadata(_ batch: EventBatch, _ event: Int) -> Bool {
        guard let number = batch.fieldIndex(KeyTable.metadata, of: event), batch.fields[number].kind == .object
        else { return false }
        let object = batch.arena.view(batch.fields[number].valueStart, batch.fields[number].valueEnd)
        guard (try? JSONScanner.scan(object, into: index)) != nil else { return false }
        var hasID = false
        for number in 0..<index.children.count {
            let member = index.children[number]
            let key = object[member.key]
            if key == ByteView("beat") || key == ByteView("type") || key == ByteView("version") { continue }
            if key == ByteView("_id") { hasID = true }
            frames.append(UInt8(ascii: ","))
            frames.append(object[member.member])
        }
        return hasID
    }

    /// In JSON these characters stand in strings alone, so that nothing need be parsed.
    private func escapeHTML(from start: Int) {
        let document = frames.view[start..<frames.count]
        scratch.removeAll()
        for index in 0..<document.count {
            switch document[index] {
            case UInt8(ascii: "<"): scratch.append("\\u003c")
            case UInt8(ascii: ">"): scratch.append("\\u003e")
            case UInt8(ascii: "&"): scratch.append("\\u0026")
            case let byte: scratch.append(byte)
            }
        }
        frames.truncate(to: start)
        frames.append(scratch.view)
    }

    private func finish(_ builder: RequestBuilder) {
        guard !builder.events.isEmpty else { return }
        if output.startsSlowly {
            builder.body.append(frames.view)
        } else {
            LumberjackFrame.appendWindow(
                frames.view,
                events: builder.events.count,
                compressor: compressor,
                to: builder.body
            )
        }
        builder.finish(target: "", contentType: "application/x-lumberjack", plainBytes: frames.count)
        frames.removeAll()
    }
}
