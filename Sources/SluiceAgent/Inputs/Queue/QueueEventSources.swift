// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// What all events of a queue get, for each origin. Belongs to its input's thread.
final class QueueEventSources {
    private let generation: Generation
    private let options: QueueOptions
    private var sources: [String: EventSource] = [:]
    private var last: (kind: RecordWriter.Kind, origin: [UInt8], source: EventSource)?
    /// More senders than that are not remembered.
    private static let limit = 1024

    init(generation: Generation, options: QueueOptions) {
        self.generation = generation
        self.options = options
    }

    /// - Parameter origin: JSON of the field `log`, or empty; of a file, its path and fields.
    func source(_ kind: RecordWriter.Kind, _ origin: ByteView) -> EventSource {
        if let last, last.kind == kind, last.origin.withByteView({ $0 == origin }) { return last.source }
        let text = origin.string
        let source = sources[text] ?? (kind == .source ? makeOfFile(text) : make(text))
        if sources.count >= Self.limit { sources.removeAll() }
        sources[text] = source
        last = (kind, origin.array, source)
        return source
    }

    private func makeOfFile(_ text: String) -> EventSource {
        let members = JSONText.members(text)
        let fields = members.first { $0.key == "fields" }.map { JSONText.members($0.json) } ?? []
        let path = members.first { $0.key == "path" }.flatMap { JSONText.text($0.json) }
        return EventSource(generation: generation.identifier, path: path ?? generation.path, common: fields)
    }

    private func make(_ origin: String) -> EventSource {
        var common = options.fields
        if options.addsMetadata, !origin.isEmpty { common.insert(("log", origin), at: 0) }
        return EventSource(generation: generation.identifier, path: generation.path, common: common)
    }
}
