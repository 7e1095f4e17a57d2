// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// Where the event of a dead letter comes from, by the configuration as it is now.
enum DeadLetterSource {
    /// The input that reads it: the one that did, if what it reads still has the path; otherwise the first one that does.
    /// Nil if none does.
    static func input(of letter: DeadLetter, in inputs: [PipelineConfiguration.Input]) -> Int? {
        let candidates = inputs.indices.filter { reads(inputs[$0].options, letter) }
        return candidates.first { inputs[$0].options.name == letter.input } ?? candidates.first
    }

    private static func reads(_ options: any InputConfiguration, _ letter: DeadLetter) -> Bool {
        guard let file = options as? FileInputOptions else {
            return letter.path == Generation.queuePrefix + options.name
        }
        guard let patterns = try? PathPatterns(file.paths.map(FilePattern.absolute)) else { return false }
        return patterns.matches(letter.path)
    }

    /// What all events of its source get: the input's own fields as they are configured now, and what was known of the
    /// source itself (its file, its container, the sender), as the letter has it.
    static func fields(of letter: DeadLetter, _ options: any InputConfiguration) -> [(key: String, json: String)] {
        var own: [(key: String, json: String)] = []
        var addsMetadata = false
        if let file = options as? FileInputOptions {
            (own, addsMetadata) = (file.fields, file.addsMetadata)
        } else if let queued = options as? any QueuedInputConfiguration {
            (own, addsMetadata) = (queued.queue.fields, queued.queue.addsMetadata)
        }
        guard addsMetadata else { return own }
        var known = JSONText.members(letter.fields).filter { metadata.contains($0.key) }
        if known.isEmpty, options is FileInputOptions {
            // A letter of an older Sluice has no fields.
            known = [("log", "{\"file\":{\"path\":\(JSONText.string(letter.path))}}")]
        }
        let names = Set(own.map(\.key))
        return known.filter { !names.contains($0.key) } + own
    }

    /// The fields that inputs make themselves.
    private static let metadata: Set<String> = ["log", "container", "kubernetes"]
}
