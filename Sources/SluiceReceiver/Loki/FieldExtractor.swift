// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Makes labels of what a line says: of the fields of a JSON object (`a.b` becomes `a_b`, arrays are left out), or of
/// the pairs of a logfmt line.
package final class FieldExtractor {
    private let scratch = ByteArena(capacity: 1024)

    /// Nil if the line is no JSON object.
    package func json(_ line: ByteView) -> [LabelSet.Label]? {
        let index = JSONIndex()
        guard (try? JSONScanner.scan(line, into: index)) != nil, index.kind == .object else { return nil }
        var labels: [LabelSet.Label] = []
        var walker = JSONWalker(line)
        object(&walker, line, prefix: "", depth: 0, &labels)
        return labels
    }

    private func object(
        _ walker: inout JSONWalker,
        _ line: ByteView,
        prefix: String,
        depth: Int,
        _ labels: inout [LabelSet.Label]
    ) {
        guard walker.enter("{") else { return }
        while let key = walker.nextKey() {
            let name = prefix + Self.sanitized(text(key, line), isFirst: prefix.isEmpty)
            switch walker.peek() {
            case UInt8(ascii: "{") where depth < 32:
                object(&walker, line, prefix: name + "_", depth: depth + 1, &labels)
            case UInt8(ascii: "\""):
                guard let value = walker.string() else { return }
                labels.append(LabelSet.Label(name: name, value: text(value, line)))
            case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "n"): walker.skip()
            default: labels.append(LabelSet.Label(name: name, value: line[walker.skip()].string))
            }
        }
    }

    private func text(_ content: JSONWalker.StringContent, _ line: ByteView) -> String {
        guard content.isEscaped else { return line[content.range].string }
        scratch.removeAll()
        scratch.appendUnescaped(line[content.range])
        return scratch.string
    }

    /// Nil if a quote is not closed.
    func logfmt(_ line: ByteView) -> [LabelSet.Label]? {
        var labels: [LabelSet.Label] = []
        var position = 0
        while position < line.count {
            if line[position] <= 0x20 {
                position += 1
                continue
            }
            let start = position
            while position < line.count, line[position] > 0x20, line[position] != UInt8(ascii: "=") { position += 1 }
            let name = Self.sanitized(line[start..<position].string, isFirst: true)
            guard position < line.count, line[position] == UInt8(ascii: "=") else { continue }
            position += 1
            if position < line.count, line[position] == UInt8(ascii: "\"") {
                position += 1
                let start = position
                while position < line.count, line[position] != UInt8(ascii: "\"") {
                    position += line[position] == UInt8(ascii: "\\") ? 2 : 1
                }
                guard position < line.count else { return nil }
                scratch.removeAll()
                scratch.appendUnescaped(line[start..<position])
                labels.append(LabelSet.Label(name: name, value: scratch.string))
                position += 1
            } else {
                let start = position
                while position < line.count, line[position] > 0x20 { position += 1 }
                if position > start {
                    labels.append(LabelSet.Label(name: name, value: line[start..<position].string))
                }
            }
        }
        return labels
    }

    static func sanitized(_ name: String, isFirst: Bool) -> String {
        var result = String(
            decoding: name.unicodeScalars.map { scalar -> UInt8 in
                let isWord =
                    scalar == "_" || scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                return isWord ? UInt8(truncatingIfNeeded: scalar.value) : UInt8(ascii: "_")
            },
            as: UTF8.self
        )
        if isFirst, let first = result.utf8.first, (0x30...0x39).contains(first) { result = "_" + result }
        return result
    }
}
