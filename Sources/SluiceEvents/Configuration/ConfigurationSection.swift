// SPDX-License-Identifier: Apache-2.0

/// Reads a mapping option by option and finds what is wrong with it.
///
/// Each method asks for one key and so makes it known. A wrong value is reported and the default returned, so that one
/// run finds every problem. `finish` reports the keys that nobody asked for:
///
///     let section = ConfigurationSection(node, problems: problems)
///     defer { section.finish() }
///     let layouts = section.strings("layouts")
///     let timeout = section.duration("flush.timeout", default: 1_000_000_000)
///
/// As in Filebeat, `flush.timeout: 1s` and `flush: {timeout: 1s}` are the same option, on the side of the file and on
/// the side of the asking. Keys are taken apart only on the way to a key that was asked for, one step at a time: in the
/// node that `node("fields")` returns, dots stay what the user wrote, since they are names of fields there.
package final class ConfigurationSection {
    package let node: ConfigurationNode
    package let problems: ConfigurationProblems
    /// Keys asked for, dotted ones as asked.
    private var asked: Set<String> = []
    private var children: [ConfigurationSection] = []
    private var isFinished = false

    /// A node that is neither a mapping nor empty is reported, and reads as an empty mapping.
    package init(_ node: ConfigurationNode, problems: ConfigurationProblems) {
        self.node = node
        self.problems = problems
        if node.entries == nil, !node.isNull { reportWrongType(node, expected: "a mapping") }
    }

    /// Where the section's mapping is, such as `outputs[0]`.
    package var path: String { node.path }

    // MARK: Keys

    /// The value of a key as it stands, whatever it is; nil if it is absent. A null is returned.
    package func node(_ key: String) -> ConfigurationNode? {
        asked.insert(key)
        return value(key[...], in: node)
    }

    /// Makes keys known that are not read this time, because another option makes them meaningless.
    package func accept(_ keys: String...) {
        asked.formUnion(keys)
    }

    /// A nested mapping; nil if the key is absent. `finish` of this section finishes it too.
    package func section(_ key: String) -> ConfigurationSection? {
        guard let node = node(key) else { return nil }
        return child(node)
    }

    /// A sequence of mappings; empty if the key is absent. `finish` of this section finishes them too.
    package func sections(_ key: String) -> [ConfigurationSection] {
        guard let node = present(key) else { return [] }
        guard let elements = node.elements else {
            reportWrongType(node, expected: "a sequence of mappings")
            return []
        }
        return elements.map(child)
    }

    /// Leaves the section's keys alone, because what says which of them are known is wrong itself.
    package func abandon() { isFinished = true }

    /// Reports every key that nobody asked for, here and in the sections handed out. Later calls do nothing.
    package func finish() {
        guard !isFinished else { return }
        isFinished = true
        children.forEach { $0.finish() }
        if let entries = node.entries { reportUnknown(entries, below: "") }
    }

    // MARK: Problems

    /// Reports something about a value of this section.
    package func report(_ node: ConfigurationNode, _ message: String, suggestion: String? = nil) {
        problems.report(node, message, suggestion: suggestion)
    }

    /// Reports that a key is missing that has to be there.
    package func reportMissing(_ key: String, expected: String) {
        problems.report(
            node,
            "\(ConfigurationNode.quoted(key)) is missing" + (path.isEmpty ? "" : " in \(path)"),
            suggestion: "give it \(expected)"
        )
    }

    /// Reports a value of the wrong type or form.
    package func reportWrongType(_ node: ConfigurationNode, expected: String) {
        let place = node.path.isEmpty ? "" : " for \(node.path)"
        problems.report(node, "expected \(expected)\(place), found \(node.inWords)")
    }

    /// The value of a key, nil if it is absent or null.
    func present(_ key: String) -> ConfigurationNode? {
        node(key).flatMap { $0.isNull ? nil : $0 }
    }

    private func child(_ node: ConfigurationNode) -> ConfigurationSection {
        let child = ConfigurationSection(node, problems: problems)
        children.append(child)
        return child
    }

    // MARK: Dotted keys

    /// The value of a key, itself dotted or not, in a mapping whose keys are dotted or not.
    private func value(_ key: Substring, in mapping: ConfigurationNode) -> ConfigurationNode? {
        guard let entries = mapping.entries else { return nil }
        var found = step(key, in: mapping, entries)
        // `a.b.c` may be written as `a: {b.c: …}`, as `a.b: {c: …}`, as `a.b.c: …` or as several of them.
        var end = key.endIndex
        while let dot = key[..<end].lastIndex(of: ".") {
            end = dot
            guard let outer = step(key[..<dot], in: mapping, entries),
                let inner = value(key[key.index(after: dot)...], in: outer)
            else { continue }
            found = found.map { merge($0, inner) } ?? inner
        }
        return found
    }

    /// The value of a key taken literally, together with what stands under keys that begin with it and a dot.
    private func step(
        _ key: Substring,
        in mapping: ConfigurationNode,
        _ entries: [ConfigurationEntry]
    ) -> ConfigurationNode? {
        var found: ConfigurationNode?
        for entry in entries {
            if entry.key == key {
                found = found.map { merge($0, entry.value) } ?? entry.value
            } else if entry.key.hasPrefix(key + "."), entry.key.utf8.count > key.utf8.count + 1 {
                let rest = String(entry.key.dropFirst(key.count + 1))
                let nested = ConfigurationNode(
                    .mapping([ConfigurationEntry(key: rest, keyPosition: entry.keyPosition, value: entry.value)]),
                    position: entry.keyPosition,
                    path: ConfigurationNode.path(mapping.path, key: String(key))
                )
                found = found.map { merge($0, nested) } ?? nested
            }
        }
        return found
    }

    /// Two values of one key, written in two places. Mappings are put together; anything else contradicts.
    private func merge(_ first: ConfigurationNode, _ second: ConfigurationNode) -> ConfigurationNode {
        if first.isNull { return second }
        // The same value is met twice on different ways to it, with its place.
        if second.isNull || first == second { return first }
        guard var entries = first.entries, let more = second.entries else {
            problems.report(second, "\(second.path) is given twice, first at \(first.position)", suggestion: "keep one")
            return first
        }
        for entry in more {
            if let index = entries.firstIndex(where: { $0.key == entry.key }) {
                entries[index] = ConfigurationEntry(
                    key: entry.key,
                    keyPosition: entries[index].keyPosition,
                    value: merge(entries[index].value, entry.value)
                )
            } else {
                entries.append(entry)
            }
        }
        return ConfigurationNode(.mapping(entries), position: first.position, path: first.path)
    }

    /// Reports the unknown among `entries`, which stand below `prefix` of this section (empty or ending in a dot).
    private func reportUnknown(_ entries: [ConfigurationEntry], below prefix: String) {
        for entry in entries {
            let key = prefix + entry.key
            if asked.contains(where: { key == $0 || key.hasPrefix($0 + ".") }) { continue }
            if asked.contains(where: { $0.hasPrefix(key + ".") }) {
                if let nested = entry.value.entries {
                    reportUnknown(nested, below: key + ".")
                } else if !entry.value.isNull {
                    reportWrongType(entry.value, expected: "a mapping")
                }
                continue
            }
            problems.reportUnknownKey(key, at: entry.keyPosition, path: path, known: asked)
        }
    }
}
