// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// The names of top-level fields as small numbers, so that finding a field compares integers.
///
/// A batch has one and keeps it when recycled. It is emptied with the batch when it has grown past `limit`, so that
/// logs with endlessly new keys do not fill memory.
package final class KeyTable {
    package static let limit = 4096
    /// The numbers of `@timestamp` and `@metadata`, the same in every batch.
    package static let timestamp: UInt32 = 0
    package static let metadata: UInt32 = 1

    /// `"name":` of every key, one behind the other.
    private let text = ByteArena(capacity: 1024)
    private let starts = FlatArray<UInt32>(capacity: 64)
    /// Open addressing: key number + 1, or 0.
    @safe @exclusivity(unchecked) private var slots: [UInt32] = Array(repeating: 0, count: 256)

    package init() { reserveNames() }

    private func reserveNames() {
        _ = number(of: ByteView("@timestamp"))
        _ = number(of: ByteView("@metadata"))
    }

    package var count: Int { starts.count }

    /// The number of a key, given as it stands between its quotes in JSON; new keys get a new number.
    package func number(of name: ByteView) -> UInt32 {
        find(name, insert: true) ?? 0
    }

    /// The number of a key that some event of the batch has or had, or nil.
    package func existingNumber(of name: ByteView) -> UInt32? { find(name, insert: false) }

    package func number(of name: String) -> UInt32 {
        FieldPath.encode(name).withByteView { number(of: $0) }
    }

    package func existingNumber(of name: String) -> UInt32? {
        FieldPath.encode(name).withByteView { existingNumber(of: $0) }
    }

    /// The key as it stands between its quotes.
    @inline(__always)
    package func name(_ number: UInt32) -> ByteView {
        let start = Int(starts[Int(number)])
        let end = Int(number) + 1 < starts.count ? Int(starts[Int(number) + 1]) : text.count
        return text.view(start + 1..<end - 2)
    }

    /// `"name":`
    @inline(__always)
    package func member(_ number: UInt32) -> ByteView {
        let start = Int(starts[Int(number)])
        let end = Int(number) + 1 < starts.count ? Int(starts[Int(number) + 1]) : text.count
        return text.view(start..<end)
    }

    package func removeAllIfLarge() {
        guard count > Self.limit else { return }
        text.removeAll()
        starts.removeAll()
        slots = Array(repeating: 0, count: 256)
        reserveNames()
    }

    private func find(_ name: ByteView, insert: Bool) -> UInt32? {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: XXHash64.hash(name)) & mask
        while slots[slot] != 0 {
            let number = slots[slot] - 1
            if self.name(number) == name { return number }
            slot = (slot + 1) & mask
        }
        guard insert else { return nil }
        let number = UInt32(starts.count)
        starts.append(UInt32(text.count))
        text.append(UInt8(ascii: "\""))
        text.append(name)
        text.append(UInt8(ascii: "\""))
        text.append(UInt8(ascii: ":"))
        slots[slot] = number + 1
        if starts.count * 2 > slots.count { rehash() }
        return number
    }

    private func rehash() {
        slots = Array(repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        for number in 0..<UInt32(starts.count) {
            var slot = Int(truncatingIfNeeded: XXHash64.hash(name(number))) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = number + 1
        }
    }
}
