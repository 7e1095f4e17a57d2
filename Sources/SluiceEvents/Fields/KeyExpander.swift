// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Turns dotted keys into objects: `{"a.b":1,"a.c":2}` becomes `{"a":{"b":1,"c":2}}`, at every depth.
///
/// A key with an empty part (`a..b`) stays as it is, and so does what is nested deeper than `deepest`. The work grows
/// with the length of the text, whatever the keys are.
final class KeyExpander {
    /// A key that is needed both for a value and for an object.
    struct Conflict: Error {
        var key: String
    }

    private struct Entry {
        /// What is left of the key, in the arena.
        var key: Range<Int>
        /// Where its first part ends.
        var headEnd: Int
        var value: Range<Int>
        var kind: JSONKind
        /// The object it stands in: of equal keys in one object the last counts, in two they contradict.
        var origin: Int

        var isDotted: Bool { headEnd < key.upperBound }
    }

    private static var deepest: Int { 64 }
    private var origins = 0
    private var indices: [JSONIndex] = []

    /// Writes the expanded object to the arena's end.
    ///
    /// - Returns: where it lies, or nil if there was nothing to expand.
    func expand(_ object: Range<Int>, in arena: ByteArena) throws(Conflict) -> Range<Int>? {
        guard hasDottedKey(object, arena, depth: 0) else { return nil }
        origins = 0
        let start = arena.count
        do throws(Conflict) {
            try write(children(of: object, arena, depth: 0), arena, depth: 0)
        } catch {
            arena.truncate(to: start)
            throw error
        }
        return start..<arena.count
    }

    private func write(_ entries: [Entry], _ arena: ByteArena, depth: Int) throws(Conflict) {
        arena.append(UInt8(ascii: "{"))
        var isFirst = true
        for group in Self.groups(entries, arena) {
            if !isFirst { arena.append(UInt8(ascii: ",")) }
            isFirst = false
            let first = entries[group[0]]
            arena.append(UInt8(ascii: "\""))
            arena.appendCopy(of: first.key.lowerBound..<first.headEnd)
            arena.append("\":")
            var inner: [Entry] = []
            var values: [Entry] = []
            for number in group {
                let entry = entries[number]
                if entry.isDotted {
                    inner.append(rest(of: entry, arena, depth: depth + 1))
                } else if let last = values.last, last.origin == entry.origin {
                    values[values.count - 1] = entry
                } else {
                    values.append(entry)
                }
            }
            if inner.isEmpty, values.count == 1 {
                try writeValue(values[0], arena, depth: depth)
                continue
            }
            for value in values {
                guard value.kind == .object else {
                    throw Conflict(key: arena.view(first.key.lowerBound..<first.headEnd).string)
                }
                inner += children(of: value.value, arena, depth: depth + 1)
            }
            try write(inner, arena, depth: depth + 1)
        }
        arena.append(UInt8(ascii: "}"))
    }

    private func writeValue(_ entry: Entry, _ arena: ByteArena, depth: Int) throws(Conflict) {
        if entry.kind == .object, hasDottedKey(entry.value, arena, depth: depth + 1) {
            try write(children(of: entry.value, arena, depth: depth + 1), arena, depth: depth + 1)
        } else {
            arena.appendCopy(of: entry.value)
        }
    }

    /// The numbers of the entries that begin alike, each group in order, the groups in the order of their first.
    private static func groups(_ entries: [Entry], _ arena: ByteArena) -> [[Int]] {
        func head(_ number: Int) -> ByteView { arena.view(entries[number].key.lowerBound..<entries[number].headEnd) }
        let sorted = entries.indices.sorted { left, right in
            let order = head(left).compare(head(right))
            return order == 0 ? left < right : order < 0
        }
        var groups: [[Int]] = []
        for number in sorted {
            if let last = groups.last?.first, head(last) == head(number) {
                groups[groups.count - 1].append(number)
            } else {
                groups.append([number])
            }
        }
        return groups.sorted { $0[0] < $1[0] }
    }

    private func children(of object: Range<Int>, _ arena: ByteArena, depth: Int) -> [Entry] {
        let index = index(depth)
        guard (try? JSONScanner.scan(arena.view(object), origin: object.lowerBound, into: index)) != nil else {
            return []
        }
        origins += 1
        return (0..<index.children.count).map { number in
            let child = index.children[number]
            return Entry(
                key: child.key,
                headEnd: Self.headEnd(child.key, arena, depth: depth),
                value: child.value,
                kind: child.kind,
                origin: origins
            )
        }
    }

    private func rest(of entry: Entry, _ arena: ByteArena, depth: Int) -> Entry {
        let key = (entry.headEnd + 1)..<entry.key.upperBound
        var rest = entry
        rest.key = key
        rest.headEnd = Self.headEnd(key, arena, depth: depth)
        return rest
    }

    /// Where the first part of a key ends; at the key's end if it cannot be taken apart.
    private static func headEnd(_ key: Range<Int>, _ arena: ByteArena, depth: Int) -> Int {
        let name = arena.view(key)
        guard depth < deepest, let dot = name.firstIndex(of: UInt8(ascii: ".")), !name.contains(ByteView("..")),
            dot > 0, name[name.count - 1] != UInt8(ascii: ".")
        else { return key.upperBound }
        return key.lowerBound + dot
    }

    private func hasDottedKey(_ object: Range<Int>, _ arena: ByteArena, depth: Int) -> Bool {
        guard depth < Self.deepest, arena.view(object).firstIndex(of: UInt8(ascii: ".")) != nil else { return false }
        let index = index(depth)
        guard (try? JSONScanner.scan(arena.view(object), origin: object.lowerBound, into: index)) != nil else {
            return false
        }
        for number in 0..<index.children.count {
            let child = index.children[number]
            if Self.headEnd(child.key, arena, depth: depth) < child.key.upperBound { return true }
            if child.kind == .object, hasDottedKey(child.value, arena, depth: depth + 1) { return true }
        }
        return false
    }

    private func index(_ depth: Int) -> JSONIndex {
        while indices.count <= depth { indices.append(JSONIndex()) }
        return indices[depth]
    }
}
