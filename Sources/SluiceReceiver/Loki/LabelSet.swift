// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Labels, ordered by name (as bytes), each name once.
package struct LabelSet: Sendable, Hashable {
    package struct Label: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    private(set) var labels: [Label]

    package init() { labels = [] }

    /// - Parameter labels: in any order; of two with one name the later counts.
    package init(_ labels: some Sequence<Label>) {
        var kept: [String: String] = [:]
        for label in labels { kept[label.name] = label.value }
        self.labels = kept.map { Label(name: $0.key, value: $0.value) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Reads a JSON object of strings that this type wrote.
    package init(json: ByteView) {
        labels = []
        let arena = ByteArena(capacity: 256)
        var walker = JSONWalker(json)
        guard walker.enter("{") else { return }
        while let key = walker.nextKey() {
            guard let value = walker.string() else { return }
            arena.removeAll()
            let name = arena.append(key, of: json)
            let text = arena.append(value, of: json)
            labels.append(Label(name: arena.view(name).string, value: arena.view(text).string))
        }
    }

    /// The value of a label; nil if there is none.
    subscript(name: String) -> String? {
        get { labels.first { $0.name == name }?.value }
        set {
            let at = labels.firstIndex { !$0.name.utf8.lexicographicallyPrecedes(name.utf8) } ?? labels.endIndex
            let isThere = at < labels.endIndex && labels[at].name == name
            switch (newValue, isThere) {
            case (.some(let value), true): labels[at].value = value
            case (.some(let value), false): labels.insert(Label(name: name, value: value), at: at)
            case (nil, true): labels.remove(at: at)
            case (nil, false): break
            }
        }
    }

    func filter(_ isKept: (String) -> Bool) -> LabelSet {
        var result = self
        result.labels.removeAll { !isKept($0.name) }
        return result
    }

    /// Writes `{"a":"b"}`.
    func write(to arena: ByteArena) {
        arena.append(UInt8(ascii: "{"))
        var isFirst = true
        for label in labels {
            if !isFirst { arena.append(UInt8(ascii: ",")) }
            isFirst = false
            arena.appendJSONString(label.name)
            arena.append(UInt8(ascii: ":"))
            arena.appendJSONString(label.value)
        }
        arena.append(UInt8(ascii: "}"))
    }

    /// `{"a":"b"}`
    var json: [UInt8] {
        let arena = ByteArena(capacity: 256)
        write(to: arena)
        return arena.view.array
    }
}

extension LabelSet: CustomStringConvertible {
    /// `{a="b", c="d"}`, as Loki writes it in messages.
    package var description: String {
        "{" + labels.map { "\($0.name)=\(GoQuoting.quote($0.value))" }.joined(separator: ", ") + "}"
    }
}
