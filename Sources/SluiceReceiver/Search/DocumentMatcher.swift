// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Decides whether a document is what a query looks for.
///
/// Text fields are looked at both ways that Elasticsearch's default mapping indexes them: as their words and, as
/// `.keyword` does, whole. So a `term` finds both a whole value and a single word.
package final class DocumentMatcher {
    package let fields = DocumentFields()
    private let analyzer = TextAnalyzer()

    package init() {}

    // Not optimised as one: Swift 6.3's optimiser aborts on the closures in it ("ConstantCapturePropagation").
    @_optimize(none)
    package func matches(_ query: SearchQuery) -> Bool {
        switch query {
        case .all: return true
        case .none: return false
        case .term(let path, let text): return hasTerm(path, text)
        case .terms(let path, let texts): return texts.contains { hasTerm(path, $0) }
        case .match(let target, let words, let text, let needsAll):
            return any(target) {
                matches($0, words: words, text: text, needsAll: needsAll, isKeyword: isKeyword(target))
            }
        case .phrase(let target, let words, let isPrefix):
            return any(target) { hasPhrase($0, words, isPrefix) }
        case .range(let path, let bounds):
            return any(.field(path)) { value in
                switch value.kind {
                case .null, .object, .array, .true, .false: false
                default: bounds.contains(value, text: fields.text(value))
                }
            }
        case .exists(let path): return any(.field(path)) { $0.kind != .null }
        case .ids(let ids): return ids.contains { $0.withByteView { $0 == fields.key } }
        case .wildcard(let target, let pattern):
            return any(target) { hasWildcard($0, pattern, isKeyword: isKeyword(target)) }
        case .boolean(let query):
            guard query.must.allSatisfy({ matches($0) }), !query.mustNot.contains(where: { matches($0) }) else {
                return false
            }
            var wanted = query.wanted
            for clause in query.should where wanted > 0 && matches(clause) { wanted -= 1 }
            return wanted <= 0
        }
    }

    private func isKeyword(_ target: SearchQuery.FieldTarget) -> Bool {
        if case .field(let path) = target { return path.isKeyword }
        return false
    }

    private func any(_ target: SearchQuery.FieldTarget, _ isWanted: (DocumentFields.Value) -> Bool) -> Bool {
        var isFound = false
        func look(_ value: DocumentFields.Value) -> Bool {
            isFound = isWanted(value)
            return !isFound
        }
        switch target {
        case .field(let path): fields.forEach(path, look)
        case .any: fields.forEachLeaf(look)
        }
        return isFound
    }

    private func hasTerm(_ path: FieldPath, _ text: String) -> Bool {
        text.withByteView { wanted in
            any(.field(path)) { value in
                switch value.kind {
                case .null, .object, .array: return false
                case .string, .escapedString:
                    let text = fields.text(value)
                    if text == wanted { return true }
                    if path.isKeyword { return false }
                    return hasWord(text) { $0 == wanted }
                default: return isSameScalar(value.raw, wanted)
                }
            }
        }
    }

    /// Whether two numbers or booleans are the same, however they are written.
    private func isSameScalar(_ left: ByteView, _ right: ByteView) -> Bool {
        if left == right { return true }
        guard let left = NumberText.double(left), let right = NumberText.double(right) else { return false }
        return left == right
    }

    private func hasWord(_ text: ByteView, _ isWanted: (ByteView) -> Bool) -> Bool {
        var isFound = false
        analyzer.forEachWord(of: text) { word in
            isFound = isWanted(word)
            return !isFound
        }
        return isFound
    }

    private func matches(
        _ value: DocumentFields.Value,
        words: [[UInt8]],
        text: String,
        needsAll: Bool,
        isKeyword: Bool
    ) -> Bool {
        switch value.kind {
        case .null, .object, .array: return false
        case .string, .escapedString:
            let content = fields.text(value)
            if isKeyword { return text.withByteView { $0 == content } }
            if words.count == 1 { return hasWord(content) { word in words[0].withByteView { $0 == word } } }
            var missing = Set(words)
            let count = missing.count
            analyzer.forEachWord(of: content) { word in
                missing.remove(word.array)
                return !missing.isEmpty && (needsAll || missing.count == count)
            }
            return needsAll ? missing.isEmpty : missing.count < count
        default: return text.withByteView { isSameScalar(value.raw, $0) }
        }
    }

    private func hasPhrase(_ value: DocumentFields.Value, _ words: [[UInt8]], _ isPrefix: Bool) -> Bool {
        guard !words.isEmpty else { return false }
        switch value.kind {
        case .string, .escapedString: break
        case .null, .object, .array: return false
        default: return words.count == 1 && words[0].withByteView { isSameScalar(value.raw, $0) }
        }
        var window: [[UInt8]] = []
        var isFound = false
        analyzer.forEachWord(of: fields.text(value)) { word in
            window.append(word.array)
            if window.count > words.count { window.removeFirst() }
            guard window.count == words.count else { return true }
            isFound = window.dropLast().elementsEqual(words.dropLast())
            if isFound, let last = window.last, let wanted = words.last {
                isFound = isPrefix ? last.starts(with: wanted) : last == wanted
            }
            return !isFound
        }
        return isFound
    }

    private func hasWildcard(
        _ value: DocumentFields.Value,
        _ pattern: WildcardPattern,
        isKeyword: Bool
    ) -> Bool {
        switch value.kind {
        case .null, .object, .array: return false
        default: break
        }
        let text = fields.text(value)
        if pattern.matches(text) { return true }
        return !isKeyword && value.kind.isString && hasWord(text) { pattern.matches($0) }
    }
}
