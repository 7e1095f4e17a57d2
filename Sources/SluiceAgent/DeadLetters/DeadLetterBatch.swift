// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// Dead letters as events again, with the ids and times that they had.
struct DeadLetterBatch {
    let batch = EventBatch()
    /// The letter of each event.
    private(set) var letters: [KeptDeadLetter] = []
    private var sources: [String: EventSource] = [:]

    /// Adds a letter, as its text was before it was parsed.
    ///
    /// - Parameter options: of the input that it belongs to.
    /// - Returns: false if its id is none.
    mutating func add(_ kept: KeptDeadLetter, _ options: any InputConfiguration) -> Bool {
        let letter = kept.letter
        guard let identifier = EventIdentifier(letter.identifier) else { return false }
        let source = source(of: letter, identifier.generation, options)
        let start = batch.arena.count
        letter.text.withByteView { batch.arena.append($0) }
        // What the line itself says of its time is read again; without that, it is the time that it had.
        let segment = batch.openSegment(
            EventSegment(
                source: source,
                start: identifier.range.lowerBound,
                end: identifier.range.upperBound,
                time: letter.time,
                timeOffset: identifier.range.lowerBound
            )
        )
        let event = batch.events.count
        batch.appendEvent(segment: segment, text: start..<batch.arena.count, file: identifier.range)
        guard batch.events.count > event else { return false }
        batch.events[event].flags.formUnion(Event.Flags(rawValue: letter.flags).intersection(DeadLetter.keptFlags))
        letters.append(kept)
        return true
    }

    private mutating func source(
        of letter: DeadLetter,
        _ generation: String,
        _ options: any InputConfiguration
    ) -> EventSource {
        let key = generation + " " + letter.fields
        if let known = sources[key] { return known }
        let fields = DeadLetterSource.fields(of: letter, options)
        let source = EventSource(generation: generation, path: letter.path, common: fields)
        sources[key] = source
        return source
    }
}
