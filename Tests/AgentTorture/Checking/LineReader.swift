// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Tells which line arrived, as text or as a document, and whether it is as it was written.
final class LineReader {
    private let seed: UInt64
    private let longest: Int
    private let index = JSONIndex()
    private let expected = ByteArena(capacity: 4096)
    private let escaped = ByteArena(capacity: 4096)

    init(_ plan: Plan) {
        seed = plan.seed
        longest = plan.longestMessage
    }

    /// - Returns: nil if nobody wrote it so.
    func identify(_ text: ByteView) -> (writer: Int, number: Int)? {
        var message = text
        var isEscaped = false
        if text.count > 0, text[0] == UInt8(ascii: "{") {
            guard let inner = messageField(text) else { return nil }
            message = inner
            isEscaped = true
        }
        guard let (writer, number) = LogLine.identify(message), isAsWritten(message, isEscaped, writer, number) else {
            return nil
        }
        return (writer, number)
    }

    /// For a person.
    static func excerpt(_ text: ByteView) -> String {
        let start = text[0..<min(text.count, 200)].string
        let end = text[max(0, text.count - 60)..<text.count].string
        return "\(text.count) bytes: \(start) … \(end)"
    }

    /// The inside of the string that is the document's message.
    private func messageField(_ document: ByteView) -> ByteView? {
        do throws(JSONError) {
            try JSONScanner.scan(document, into: index)
        } catch {
            return nil
        }
        for place in 0..<index.children.count where document[index.children[place].key] == ByteView("message") {
            guard index.children[place].kind.isString else { return nil }
            let value = index.children[place].value
            return document[(value.lowerBound + 1)..<(value.upperBound - 1)]
        }
        return nil
    }

    private func isAsWritten(_ message: ByteView, _ isEscaped: Bool, _ writer: Int, _ number: Int) -> Bool {
        expected.removeAll()
        LogLine.writeMessage(seed: seed, writer: writer, number: number, longest: longest, to: expected)
        guard isEscaped else { return message == expected.view }
        escaped.removeAll()
        _ = escaped.appendJSONString(expected.view)
        return message == escaped.view(1..<(escaped.count - 1))
    }
}
