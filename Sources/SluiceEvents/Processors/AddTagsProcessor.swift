// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// `add_tags`: appends strings to an array, `tags` or what `target` says.
///
/// As in Filebeat, a tag that is there already is added again, and a field that is no array stays as it is.
package final class AddTagsProcessor: Processor {
    private let path: FieldPath
    private let shared: SharedFields
    /// The elements, with commas between them.
    private let elements: [UInt8]

    package init?(_ section: ConfigurationSection) {
        let tags = section.strings("tags")
        let target = section.string("target", default: "tags")
        path = FieldPath(target.isEmpty ? "tags" : target)
        guard !tags.isEmpty else {
            section.reportMissing("tags", expected: "the tags to add, as a sequence of strings")
            return nil
        }
        guard !path.isTimestamp else {
            section.report(section.node, "add_tags cannot write to '@timestamp'", suggestion: "name another target")
            return nil
        }
        let array = FieldTree.strings(tags)
        var tree = FieldTree.empty
        _ = tree.insert(array, at: path.components[...])
        shared = SharedFields(tree)
        guard case .value(_, let json) = array else { return nil }
        elements = Array(json.dropFirst().dropLast())
    }

    package func process(_ batch: EventBatch, selected: EventMask) {
        var lookup = FieldLookup(path)
        lookup.begin(batch)
        var untagged = selected
        var hasTagged = false
        untagged.filter { event in
            guard let value = lookup.value(in: batch, of: event), value.kind != .null else { return true }
            hasTagged = true
            return false
        }
        if hasTagged {
            var tagged = selected
            tagged.subtract(untagged)
            tagged.forEach { append(to: $0, batch) }
        }
        if path.components.count == 1 {
            shared.add(to: batch, selected: untagged)
        } else {
            let start = batch.arena.count
            batch.arena.append(UInt8(ascii: "["))
            batch.arena.append(elements)
            batch.arena.append(UInt8(ascii: "]"))
            let array = start..<batch.arena.count
            untagged.forEach { event in
                if !batch.setValue(path, kind: .array, value: array, of: event) { batch.markFailed(event) }
            }
        }
    }

    private func append(to event: Int, _ batch: EventBatch) {
        guard let found = batch.locate(path, of: event), found.kind == .array,
            batch.arena.count < EventBatch.arenaLimit
        else {
            batch.markFailed(event)
            return
        }
        let arena = batch.arena
        let start = arena.count
        arena.appendCopy(of: found.value.lowerBound..<(found.value.upperBound - 1))
        if !Self.isEmpty(arena.view(found.value)) { arena.append(UInt8(ascii: ",")) }
        arena.append(elements)
        arena.append(UInt8(ascii: "]"))
        batch.setValue(path, kind: .array, value: start..<arena.count, of: event)
    }

    private static func isEmpty(_ array: ByteView) -> Bool {
        for position in 1..<(array.count - 1) where array[position] > 0x20 { return false }
        return true
    }
}
