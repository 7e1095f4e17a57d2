// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Brings structured metadata into the one form that it is stored and compared in: names as Loki sanitises them, in
/// order, values without needless escapes.
final class MetadataDecoder {
    private struct Member {
        var name: Range<Int>
        var value: Range<Int>
    }

    /// Names and values, unescaped.
    private let text = ByteArena(capacity: 1024)
    private var members: [Member] = []

    var count: Int { members.count }
    /// Of names and values together, as Loki counts them.
    private(set) var byteCount = 0

    func clear() {
        text.removeAll()
        members.removeAll(keepingCapacity: true)
        byteCount = 0
    }

    /// Reads a valid JSON object; false if a value is not a string.
    func read(_ object: ByteView) -> Bool {
        clear()
        var walker = JSONWalker(object)
        guard walker.enter("{") else { return false }
        while let key = walker.nextKey() {
            guard let value = walker.string() else { return false }
            let start = text.count
            text.append(key, of: object)
            sanitize(from: start)
            let name = start..<text.count
            insert(Member(name: name, value: text.append(value, of: object)))
        }
        for member in members { byteCount += member.name.count + member.value.count }
        return true
    }

    /// Writes the object.
    func write(to arena: ByteArena) {
        guard !members.isEmpty else { return }
        arena.append(UInt8(ascii: "{"))
        var isFirst = true
        for member in members {
            if !isFirst { arena.append(UInt8(ascii: ",")) }
            isFirst = false
            arena.append(UInt8(ascii: "\""))
            arena.appendJSONStringContent(text.view(member.name), isTrusted: true)
            arena.append("\":\"")
            arena.appendJSONStringContent(text.view(member.value), isTrusted: true)
            arena.append(UInt8(ascii: "\""))
        }
        arena.append(UInt8(ascii: "}"))
    }

    /// Adds `detected_level` if there is none yet.
    func addDetectedLevel(_ labels: LabelSet, line: ByteView) {
        let name = ByteView("detected_level")
        if members.contains(where: { text.view($0.name) == name }) { return }
        var level = LevelDetection.level(labels)
        if level == nil {
            for member in members where LevelDetection.isLevelName(text.view(member.name)) {
                level = LevelDetection.normalize(text.view(member.value))
                break
            }
        }
        let start = text.count
        text.append(name)
        let end = text.count
        text.append(level ?? LevelDetection.level(line: line))
        insert(Member(name: start..<end, value: end..<text.count))
    }

    /// Keeps the members in order of their names; of two with one name the first counts.
    private func insert(_ member: Member) {
        var at = members.count
        let name = text.view(member.name)
        while at > 0 {
            switch Self.compare(text.view(members[at - 1].name), name) {
            case 0: return
            case 1: at -= 1
            default:
                members.insert(member, at: at)
                return
            }
        }
        members.insert(member, at: 0)
    }

    /// -1, 0 or 1, by bytes.
    private static func compare(_ left: ByteView, _ right: ByteView) -> Int {
        let shared = min(left.count, right.count)
        var index = 0
        while index < shared {
            if left[index] != right[index] { return left[index] < right[index] ? -1 : 1 }
            index += 1
        }
        return left.count == right.count ? 0 : left.count < right.count ? -1 : 1
    }

    /// What is not a letter, digit or underscore becomes an underscore, and a first digit gets `key_` before it.
    private func sanitize(from start: Int) {
        guard start < text.count else { return }
        var needsPrefix = false
        var read = start
        var write = start
        while read < text.count {
            let byte = text.view[read]
            let isDigit = (0x30...0x39).contains(byte)
            if read == start, isDigit { needsPrefix = true }
            if byte == UInt8(ascii: "_") || isDigit || (0x61...0x7a).contains(byte | 0x20) {
                text.replace(at: write, with: byte)
                write += 1
            } else if byte & 0xc0 != 0x80 {
                // One underscore a character, however many bytes it has.
                text.replace(at: write, with: UInt8(ascii: "_"))
                write += 1
            }
            read += 1
        }
        text.truncate(to: write)
        if needsPrefix {
            let name = text.view(start..<write).array
            text.truncate(to: start)
            text.append("key_")
            text.append(name)
        }
    }
}
