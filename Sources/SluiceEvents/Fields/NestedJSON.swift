// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Looking into, and rewriting, objects that were left as text. Recursion goes as deep as a configured name has parts.
enum NestedJSON {
    /// The value of `path` (from component `depth` on) inside an object.
    static func find(_ path: FieldPath, from depth: Int, in object: ByteView, index: JSONIndex) -> FieldValue? {
        var object = object
        var depth = depth
        while depth < path.components.count {
            guard (try? JSONScanner.scan(object, into: index)) != nil, index.kind == .object else { return nil }
            if let child = child(path.encodedRests[depth], in: object, index: index) {
                return FieldValue(kind: FieldKind(child.kind), bytes: object[child.value])
            }
            guard let child = child(path.encodedComponents[depth], in: object, index: index), child.kind == .object
            else { return nil }
            object = object[child.value]
            depth += 1
        }
        return nil
    }

    /// Writes a copy of an object in which the value of `path` is another one to the arena's end.
    ///
    /// - Parameters:
    ///   - object: where the object lies in the arena; nil makes a new one.
    ///   - value: where the new value lies in the arena.
    /// - Returns: where the copy lies, or nil if something on the way is no object.
    static func set(
        _ path: FieldPath,
        from depth: Int,
        object: Range<Int>?,
        value: Range<Int>,
        arena: ByteArena,
        batch: EventBatch
    ) -> Range<Int>? {
        // The innermost value first, so that each level is written in one piece.
        let index = batch.nestedIndex(depth)
        index.children.removeAll()
        if let object {
            guard (try? JSONScanner.scan(arena.view(object), origin: object.lowerBound, into: index)) != nil else {
                return nil
            }
        }
        let isLast = depth == path.components.count - 1
        let whole = isLast ? nil : place(of: path.encodedRests[depth], in: arena, index: index)
        let own = place(of: path.encodedComponents[depth], in: arena, index: index)
        var replaced = own
        var inner = value
        if let whole {
            replaced = whole
        } else if !isLast {
            var nested: Range<Int>?
            if let own {
                guard index.children[own].kind == .object else { return nil }
                nested = index.children[own].value
            }
            guard
                let result = set(
                    path,
                    from: depth + 1,
                    object: nested,
                    value: value,
                    arena: arena,
                    batch: batch
                )
            else { return nil }
            inner = result
        }
        let start = arena.count
        arena.append(UInt8(ascii: "{"))
        copyMembers(of: index, except: replaced, arena: arena)
        if arena.count > start + 1 { arena.append(UInt8(ascii: ",")) }
        arena.append(UInt8(ascii: "\""))
        arena.append(whole == nil ? path.encodedComponents[depth] : path.encodedRests[depth])
        arena.append(UInt8(ascii: "\""))
        arena.append(UInt8(ascii: ":"))
        arena.appendCopy(of: inner)
        arena.append(UInt8(ascii: "}"))
        return start..<arena.count
    }

    /// Writes a copy of an object without the value of `path` to the arena's end.
    ///
    /// - Returns: where the copy lies, or nil if there was no such value.
    static func remove(
        _ path: FieldPath,
        from depth: Int,
        object: Range<Int>,
        arena: ByteArena,
        batch: EventBatch
    ) -> Range<Int>? {
        let index = batch.nestedIndex(depth)
        guard (try? JSONScanner.scan(arena.view(object), origin: object.lowerBound, into: index)) != nil else {
            return nil
        }
        if let whole = place(of: path.encodedRests[depth], in: arena, index: index) {
            let start = arena.count
            arena.append(UInt8(ascii: "{"))
            copyMembers(of: index, except: whole, arena: arena)
            arena.append(UInt8(ascii: "}"))
            return start..<arena.count
        }
        guard depth < path.components.count - 1,
            let own = place(of: path.encodedComponents[depth], in: arena, index: index),
            index.children[own].kind == .object,
            let inner = remove(path, from: depth + 1, object: index.children[own].value, arena: arena, batch: batch)
        else { return nil }
        let start = arena.count
        arena.append(UInt8(ascii: "{"))
        copyMembers(of: index, except: own, arena: arena)
        if arena.count > start + 1 { arena.append(UInt8(ascii: ",")) }
        arena.append(UInt8(ascii: "\""))
        arena.append(path.encodedComponents[depth])
        arena.append(UInt8(ascii: "\""))
        arena.append(UInt8(ascii: ":"))
        arena.appendCopy(of: inner)
        arena.append(UInt8(ascii: "}"))
        return start..<arena.count
    }

    /// Copies the members but for those with the key of `left`: an object that has a key twice loses both.
    private static func copyMembers(of index: JSONIndex, except left: Int?, arena: ByteArena) {
        var isFirst = true
        for number in 0..<index.children.count where number != left {
            if let left, arena.view(index.children[number].key) == arena.view(index.children[left].key) { continue }
            if !isFirst { arena.append(UInt8(ascii: ",")) }
            isFirst = false
            arena.appendCopy(of: index.children[number].member)
        }
    }

    // The last of several equal keys counts, as most readers have it.

    private static func place(of key: [UInt8], in arena: ByteArena, index: JSONIndex) -> Int? {
        key.withByteView { key in
            (0..<index.children.count).last { number in
                let child = index.children[number]
                return matches(arena.view(child.key), key, isEscaped: child.keyIsEscaped)
            }
        }
    }

    private static func child(_ key: [UInt8], in object: ByteView, index: JSONIndex) -> JSONIndex.Child? {
        key.withByteView { key in
            var number = index.children.count
            while number > 0 {
                number -= 1
                let child = index.children[number]
                if matches(object[child.key], key, isEscaped: child.keyIsEscaped) { return child }
            }
            return nil
        }
    }

    /// Whether a key as written is the wanted one, which has no more escapes than needed.
    @inline(__always)
    private static func matches(_ written: ByteView, _ wanted: ByteView, isEscaped: Bool) -> Bool {
        if written == wanted { return true }
        return isEscaped && normalised(written).withByteView { $0 == wanted }
    }

    private static func normalised(_ key: ByteView) -> [UInt8] {
        let plain = ByteArena(capacity: key.count + 8)
        plain.appendUnescaped(key)
        let encoded = ByteArena(capacity: key.count + 8)
        encoded.appendJSONStringContent(plain.view, isTrusted: false)
        return encoded.view.array
    }
}
