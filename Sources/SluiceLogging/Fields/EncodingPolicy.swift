// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// By which rules keys and values become JSON. What was encoded under one policy is encoded anew under another.
final class EncodingPolicy: Sendable {
    /// Of engines that redact nothing by key or pattern, limit nothing, and use the layouts that come with the library.
    static let standard = EncodingPolicy(reserved: ReservedKeys(BuiltInLayouts.reservedKeys))

    /// Of all layouts together; which of them a line renames is for its own layout to say.
    let reserved: ReservedKeys
    /// Keys whose values are not shown.
    private let redacted: KeyFilter
    private let patterns: [LogPattern]
    /// What stands where something is not shown, and the same as a JSON string.
    private let replacement: ByteArena
    let redactedValue: ByteArena
    let showsSensitiveValues: Bool
    /// Bytes that a text may have.
    let valueLimit: Int
    /// Bytes that a line may have.
    let lineLimit: Int
    /// Text is written as it is.
    let isTextPlain: Bool

    init(reserved: ReservedKeys, redaction: LogRedaction = LogRedaction(), limits: LogLimits = LogLimits()) {
        self.reserved = reserved
        redacted = KeyFilter(redaction.keys)
        patterns = redaction.patterns
        let replacement = ByteArena(capacity: 64)
        replacement.append(redaction.replacement)
        self.replacement = replacement
        let redactedValue = ByteArena(capacity: 64)
        redactedValue.appendJSONString(redaction.replacement)
        self.redactedValue = redactedValue
        showsSensitiveValues = redaction.showsSensitiveValues
        valueLimit = limits.valueBytes.map { max(0, $0) } ?? .max
        lineLimit = limits.lineBytes.map { max(512, $0) } ?? .max
        isTextPlain = redaction.patterns.isEmpty && limits.valueBytes == nil
    }

    /// The key of the field that says how many fields were left out of a line that is too long.
    static let truncatedKey = "truncated"

    // MARK: Keys

    /// Whether a key may be one of those that something must be done about, judged by what costs nothing.
    @inline(__always)
    func mayConcern(hash: UInt16, last: UInt8) -> Bool {
        reserved.mayContain(hash: hash, last: last) || redacted.mayContain(hash: hash)
    }

    /// Whether the value under a key, as it stands in JSON, must not be shown.
    func redacts(_ key: ByteView) -> Bool { !redacted.isEmpty && redacted.containsIgnoringCase(key) }

    // MARK: Text

    /// Text without what must not be shown, and cut if it is too long; nil if it is good as it is.
    func prepare(_ text: ByteView) -> ByteArena? {
        var result = redact(text)
        let current = result?.view ?? text
        guard current.count > valueLimit else { return result }
        let cut = Self.cut(current, to: valueLimit)
        result = cut
        return cut
    }

    private func redact(_ text: ByteView) -> ByteArena? {
        guard !patterns.isEmpty, var found = firstMatch(in: text, from: 0) else { return nil }
        let result = ByteArena(capacity: text.count + 64)
        var position = 0
        while true {
            result.append(text[position..<found.lowerBound])
            result.append(replacement.view)
            position = found.upperBound
            guard let next = firstMatch(in: text, from: position) else { break }
            found = next
        }
        result.append(text[position..<text.count])
        return result
    }

    private func firstMatch(in text: ByteView, from start: Int) -> Range<Int>? {
        var first: Range<Int>?
        for pattern in patterns {
            // Other people's patterns may say anything.
            guard let found = pattern.next(text, start), found.lowerBound >= start, found.upperBound <= text.count,
                !found.isEmpty
            else { continue }
            if let known = first, known.lowerBound <= found.lowerBound { continue }
            first = found
        }
        return first
    }

    /// The beginning of a text, up to a whole character, and how much is missing.
    static func cut(_ text: ByteView, to limit: Int) -> ByteArena {
        var end = min(limit, text.count)
        while end > 0, end < text.count, text[end] & 0xc0 == 0x80 { end -= 1 }
        let result = ByteArena(capacity: end + 64)
        result.append(text[0..<end])
        result.append("…[")
        result.append(decimal: text.count - end)
        result.append(" bytes cut]")
        return result
    }
}
