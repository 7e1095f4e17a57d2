// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// Writes events one below the other, or as the elements of a JSON array.
final class LineEncoder: OutputEncoder {
    private let options: OutputOptions
    private let codec: LineCodec
    private let isArray: Bool
    private let contentType: String
    private var documents = DocumentEncoder(writesTimestamp: true)
    private let scratch = ByteArena(capacity: 1024)
    private let lookup = LookupScratch()

    /// - Parameter isArray: `[…,…]` instead of lines. Then the codec must write JSON.
    init(options: OutputOptions, codec: LineCodec, isArray: Bool = false, contentType: String = "application/x-ndjson")
    {
        self.options = options
        self.codec = codec
        self.isArray = isArray
        self.contentType = contentType
    }

    func encode(_ batch: EventBatch, selected: EventMask, into builder: RequestBuilder) {
        var documents = documents
        defer { self.documents = documents }
        selected.forEach { event in
            // What an event adds to its text is guessed: the limit is a size to aim at.
            let size = Int(batch.events[event].textEnd - batch.events[event].textStart) + 256
            if builder.events.count >= options.bulkMaximumEvents || builder.bodyBytes + size > options.bulkMaximumBytes
            {
                finish(builder)
            }
            if isArray { builder.body.append(UInt8(ascii: builder.events.isEmpty ? "[" : ",")) }
            write(batch, event, &documents, to: builder.body)
            if !isArray { builder.body.append(UInt8(ascii: "\n")) }
            builder.add(Int32(truncatingIfNeeded: event))
        }
        finish(builder)
    }

    private func write(_ batch: EventBatch, _ event: Int, _ documents: inout DocumentEncoder, to body: ByteArena) {
        switch codec {
        case .json: documents.encode(batch, event, to: body)
        case .prettyJSON:
            scratch.removeAll()
            documents.encode(batch, event, to: scratch)
            JSONIndentation.append(scratch.view, to: body)
        case .format(let format):
            scratch.removeAll()
            // What an event does not have leaves its place empty.
            _ = format.append(batch, event, to: scratch, lookup: lookup)
            // One event, one line: whoever reads it back counts lines.
            for index in 0..<scratch.count where scratch.view[index] == UInt8(ascii: "\n") {
                scratch.replace(at: index, with: UInt8(ascii: " "))
            }
            body.append(scratch.view)
        }
    }

    private func finish(_ builder: RequestBuilder) {
        guard !builder.events.isEmpty else { return }
        if isArray { builder.body.append(UInt8(ascii: "]")) }
        builder.finish(target: "", contentType: contentType)
    }
}
