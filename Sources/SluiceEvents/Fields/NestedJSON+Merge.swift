// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Merging whole objects. Recursion ends at `deepest`; what is nested deeper stays as it is.
extension NestedJSON {
    private static var deepest: Int { 32 }

    /// Writes the union of two objects in the arena to its end; where both have a value and not both are objects, the
    /// one of `stronger` stands.
    static func merge(
        _ weaker: Range<Int>,
        with stronger: Range<Int>,
        depth: Int,
        arena: ByteArena,
        batch: EventBatch
    ) -> Range<Int> {
        let first = batch.nestedIndex(depth * 2)
        let second = batch.nestedIndex(depth * 2 + 1)
        guard depth < deepest,
            (try? JSONScanner.scan(arena.view(weaker), origin: weaker.lowerBound, into: first)) != nil,
            (try? JSONScanner.scan(arena.view(stronger), origin: stronger.lowerBound, into: second)) != nil
        else { return stronger }
        // Nested merges first: each result is written before the object it goes into.
        var values: [(member: Range<Int>, value: Range<Int>?)] = []
        for number in 0..<first.children.count {
            let child = first.children[number]
            let twin = (0..<second.children.count).first {
                arena.view(second.children[$0].key) == arena.view(child.key)
            }
            guard let twin else {
                values.append((child.member, nil))
                continue
            }
            guard child.kind == .object, second.children[twin].kind == .object else { continue }
            let inner = merge(
                child.value,
                with: second.children[twin].value,
                depth: depth + 1,
                arena: arena,
                batch: batch
            )
            values.append((child.key.lowerBound - 1..<child.key.upperBound + 1, inner))
        }
        for number in 0..<second.children.count {
            let child = second.children[number]
            let isMerged =
                child.kind == .object
                && (0..<first.children.count).contains {
                    first.children[$0].kind == .object && arena.view(first.children[$0].key) == arena.view(child.key)
                }
            if !isMerged { values.append((child.member, nil)) }
        }
        let start = arena.count
        arena.append(UInt8(ascii: "{"))
        for (member, value) in values {
            if arena.count > start + 1 { arena.append(UInt8(ascii: ",")) }
            arena.appendCopy(of: member)
            if let value {
                arena.append(UInt8(ascii: ":"))
                arena.appendCopy(of: value)
            }
        }
        arena.append(UInt8(ascii: "}"))
        return start..<arena.count
    }
}
