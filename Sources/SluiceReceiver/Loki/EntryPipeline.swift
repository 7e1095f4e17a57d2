// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Runs the stages of a query over entries. Labels are made only for entries that get as far as a stage that asks.
package final class EntryPipeline {
    private let stages: [PipelineStage]
    private let fields = FieldExtractor()

    /// The stream whose entries come.
    private var stream = LabelSet()
    private var metadataText: ByteView = .empty
    private var isMetadataRead = false
    private var dropped: Set<String> = []
    private var kept: Set<String>?

    /// Of the entry that was let through, as far as they have been asked for.
    private var metadata = LabelSet()
    private var parsed = LabelSet()

    package init(_ stages: [PipelineStage]) { self.stages = stages }

    /// Whether stages look at the line.
    package var readsLine: Bool { !stages.isEmpty }

    package func begin(_ stream: LabelSet) { self.stream = stream }

    /// Whether the entry gets through. The views must stay good until the labels have been taken.
    package func process(_ line: ByteView, metadata text: ByteView) throws -> Bool {
        metadataText = text
        isMetadataRead = false
        if !parsed.labels.isEmpty { parsed = LabelSet() }
        if !dropped.isEmpty { dropped = [] }
        kept = nil
        for stage in stages {
            switch stage {
            case .line(let filter): if try !filter.keeps(line) { return false }
            case .label(let filter): if try !filter.keeps({ value(of: $0) }) { return false }
            case .json: parse(fields.json(line), error: "JSONParserErr")
            case .logfmt: parse(fields.logfmt(line), error: "LogfmtParserErr")
            case .drop(let choices):
                for choice in choices where try isChosen(choice) { dropped.insert(choice.name) }
            case .keep(let choices):
                var names: Set<String> = []
                for choice in choices where try isChosen(choice) { names.insert(choice.name) }
                kept = kept.map { $0.intersection(names) } ?? names
            }
        }
        return true
    }

    private func isChosen(_ choice: PipelineStage.Choice) throws -> Bool {
        guard let matcher = choice.matcher else { return true }
        return try matcher.matches(value(of: choice.name) ?? "")
    }

    private func parse(_ labels: [LabelSet.Label]?, error: String) {
        guard let labels else {
            parsed["__error__"] = error
            return
        }
        readMetadata()
        for label in labels {
            // A name that is taken gets an ending, as in Loki.
            let isTaken = stream[label.name] != nil || metadata[label.name] != nil
            parsed[isTaken ? label.name + "_extracted" : label.name] = label.value
        }
    }

    private func readMetadata() {
        guard !isMetadataRead else { return }
        isMetadataRead = true
        metadata = metadataText.isEmpty ? LabelSet() : LabelSet(json: metadataText)
    }

    private func isHidden(_ name: String) -> Bool {
        dropped.contains(name) || kept.map { !$0.contains(name) } ?? false
    }

    // MARK: Labels of the entry that was let through

    package func value(of name: String) -> String? {
        if isHidden(name) { return nil }
        if let value = parsed[name] { return value }
        readMetadata()
        return metadata[name] ?? stream[name]
    }

    package var streamLabels: LabelSet { dropped.isEmpty && kept == nil ? stream : stream.filter { !isHidden($0) } }

    package var metadataLabels: LabelSet {
        readMetadata()
        return metadata.filter { !isHidden($0) }
    }

    package var parsedLabels: LabelSet { parsed.filter { !isHidden($0) } }

    /// All of them, as one set.
    package var labels: LabelSet {
        if metadataText.isEmpty, parsed.labels.isEmpty, dropped.isEmpty, kept == nil { return stream }
        return LabelSet(streamLabels.labels + metadataLabels.labels + parsedLabels.labels)
    }
}
