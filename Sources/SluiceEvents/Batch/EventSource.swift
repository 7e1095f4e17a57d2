// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Where events come from: one generation of a file's content. What is the same for all its events is kept here,
/// already encoded. Does not change once made.
package final class EventSource: @unchecked Sendable {  // immutable after init; the arena is only read
    /// A top-level member that every event of the source gets.
    package struct CommonField {
        package var key: String
        package var kind: FieldKind
        /// `"key":value` in `arena`.
        package var member: Range<Int>
        package var value: Range<Int>
    }

    /// The generation's 96 random bits in 16 base64url digits: the first part of its events' ids.
    package let generation: String
    package let path: String
    package let arena: ByteArena
    package let common: [CommonField]
    /// All of them behind one another with commas between, in `arena`.
    package let commonText: Range<Int>
    /// `generation` and a dot, as bytes in `arena`.
    package let idPrefix: Range<Int>
    /// A fraction of 2³² that belongs to the generation: where in a coarse unit of time its lines begin.
    let timeShift: UInt32

    /// - Parameter common: at most eight top-level fields; each value is JSON text.
    package init(generation: String, path: String, common: [(key: String, json: String)] = []) {
        self.generation = generation
        timeShift = UInt32(truncatingIfNeeded: Array(generation.utf8).withByteView { XXHash64.hash($0) })
        self.path = path
        let arena = ByteArena(capacity: 512)
        let index = JSONIndex()
        var fields: [CommonField] = []
        for (key, json) in common.prefix(8) {
            let start = arena.count
            arena.appendJSONString(key)
            arena.append(UInt8(ascii: ":"))
            let value = arena.count
            arena.append(json)
            guard (try? JSONScanner.scan(arena.view(value..<arena.count), into: index)) != nil else {
                arena.truncate(to: start)
                continue
            }
            fields.append(
                CommonField(
                    key: key,
                    kind: FieldKind(index.kind),
                    member: start..<arena.count,
                    value: value..<arena.count
                )
            )
        }
        let text = arena.count
        for field in fields {
            if arena.count > text { arena.append(UInt8(ascii: ",")) }
            arena.appendCopy(of: field.member)
        }
        commonText = text..<arena.count
        let start = arena.count
        arena.append(generation)
        arena.append(UInt8(ascii: "."))
        idPrefix = start..<arena.count
        self.arena = arena
        self.common = fields
    }

    /// Which common field has this name, given as it stands between its quotes in JSON.
    package func commonIndex(_ name: ByteView) -> Int? {
        common.firstIndex { arena.view($0.member.lowerBound + 1..<$0.value.lowerBound - 2) == name }
    }
}
