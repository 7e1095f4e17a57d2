// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// The objects in a body that somebody posted: one object, an array of objects, or objects line by line.
package enum JSONBody {
    /// What is wrong with a body.
    package struct Problem: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// Hands each object over, in order.
    ///
    /// - Throws: where anything is wrong; nothing may come of what was handed over then.
    package static func forEachObject(_ body: ByteView, _ receive: (ByteView) -> Void) throws(Problem) {
        let index = JSONIndex()
        var start = 0
        while start < body.count, isSpace(body[start]) { start += 1 }
        guard start < body.count else { throw Problem(description: "the body is empty: send a JSON object") }
        if body[start] == UInt8(ascii: "[") {
            do throws(JSONError) {
                try JSONScanner.scan(body, into: index)
            } catch {
                throw Problem(description: "the body is not JSON: \(error)")
            }
            for number in 0..<index.children.count {
                let child = index.children[number]
                guard child.kind == .object else {
                    throw Problem(description: "element \(number) of the array is no JSON object")
                }
                receive(body[child.value])
            }
            return
        }
        // One object may be written on several lines; several have a line each.
        if (try? JSONScanner.scan(body, into: index)) != nil, index.kind == .object {
            receive(body[index.start..<index.end])
            return
        }
        try forEachLine(body, index, receive)
    }

    private static func forEachLine(
        _ body: ByteView,
        _ index: JSONIndex,
        _ receive: (ByteView) -> Void
    ) throws(Problem) {
        var position = 0
        var line = 0
        while position < body.count {
            let length = body[position..<body.count].firstIndex(of: 0x0a) ?? body.count - position
            let text = body[position..<(position + length)]
            position += length + 1
            line += 1
            var first = 0
            while first < text.count, isSpace(text[first]) { first += 1 }
            if first == text.count { continue }
            do throws(JSONError) {
                try JSONScanner.scan(text, into: index)
                guard index.kind == .object else { throw JSONError(.notAnObject, at: 0) }
            } catch {
                throw Problem(description: "line \(line) is not a JSON object: \(error)")
            }
            receive(text[index.start..<index.end])
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0d) }
}
