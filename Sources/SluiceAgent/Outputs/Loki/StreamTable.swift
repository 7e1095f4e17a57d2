// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The label sets of one request, each written once, with numbers.
final class StreamTable {
    /// How a label set is written.
    enum Form {
        /// `{"job":"web"}`
        case json
        /// `{job="web"}`, as in a query. What JSON escapes in a string is escaped alike there.
        case selector
    }

    private let form: Form
    private let text = ByteArena(capacity: 4096)
    /// Where set n begins, and behind it where it ends: one more than there are sets.
    private let bounds = FlatArray<UInt32>(capacity: 64)
    private var slots: [UInt32] = Array(repeating: 0, count: 64)

    init(_ form: Form) {
        self.form = form
        bounds.append(0)
    }

    var count: Int { bounds.count - 1 }

    func removeAll() {
        text.removeAll()
        bounds.truncate(to: 1)
        if slots.count > 4096 {
            slots = Array(repeating: 0, count: 64)
        } else {
            for index in slots.indices { slots[index] = 0 }
        }
    }

    /// Begins a label set; then come `append` and `end`.
    func begin() -> Int {
        let start = text.count
        text.append(UInt8(ascii: "{"))
        return start
    }

    /// Adds a label.
    ///
    /// - Parameter name: letters, digits and underscores.
    func append(_ name: String, _ value: ByteView) {
        if text.view[text.count - 1] != UInt8(ascii: "{") { text.append(UInt8(ascii: ",")) }
        switch form {
        case .json:
            text.append(UInt8(ascii: "\""))
            text.append(name)
            text.append("\":")
        case .selector:
            text.append(name)
            text.append(UInt8(ascii: "="))
        }
        text.appendJSONString(value)
    }

    /// Forgets the set that was begun at `start`.
    func cancel(_ start: Int) { text.truncate(to: start) }

    /// The number of the set that was begun at `start`: a new one, or that of its twin.
    func end(_ start: Int) -> UInt32 {
        // Loki takes no stream without labels; the name is the one it would itself give.
        if text.count == start + 1 { append("service_name", ByteView("unknown_service")) }
        text.append(UInt8(ascii: "}"))
        let labels = text.view(start..<text.count)
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: XXHash64.hash(labels)) & mask
        while slots[slot] != 0 {
            if self.labels(slots[slot] - 1) == labels {
                text.truncate(to: start)
                return slots[slot] - 1
            }
            slot = (slot + 1) & mask
        }
        bounds.append(UInt32(text.count))
        slots[slot] = UInt32(count)
        if count * 2 > slots.count { rehash() }
        return UInt32(count - 1)
    }

    func labels(_ number: UInt32) -> ByteView { text.view(bounds[Int(number)], bounds[Int(number) + 1]) }

    private func rehash() {
        slots = Array(repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        for number in 0..<UInt32(count) {
            var slot = Int(truncatingIfNeeded: XXHash64.hash(labels(number))) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = number + 1
        }
    }
}
