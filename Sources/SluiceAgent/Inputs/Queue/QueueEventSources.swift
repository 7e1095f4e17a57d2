// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// What all events of a queue get, for each origin. Belongs to its input's thread.
final class QueueEventSources {
    private let generation: Generation
    private let options: QueueOptions
    private var sources: [String: EventSource] = [:]
    private var last: (origin: [UInt8], source: EventSource)?
    /// More senders than that are not remembered.
    private static let limit = 1024

    init(generation: Generation, options: QueueOptions) {
        self.generation = generation
        self.options = options
    }

    /// - Parameter origin: JSON of the field `log`, or empty.
    func source(_ origin: ByteView) -> EventSource {
        if let last, last.origin.withByteView({ $0 == origin }) { return last.source }
        let text = origin.string
        let source = sources[text] ?? make(text)
        if sources.count >= Self.limit { sources.removeAll() }
        sources[text] = source
        last = (origin.array, source)
        return source
    }

    private func make(_ origin: String) -> EventSource {
        var common = options.fields
        if options.addsMetadata, !origin.isEmpty { common.insert(("log", origin), at: 0) }
        return EventSource(generation: generation.identifier, path: generation.path, common: common)
    }
}
