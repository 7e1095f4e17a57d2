// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// The indices that an output's `index` can name, as a pattern of Elasticsearch.
package struct IndexPattern: Sendable, Equatable {
    /// With `*` for what depends on the event.
    package let text: String
    package let hasDate: Bool

    package init(_ index: FormatString) {
        (text, hasDate) = index.pattern
    }

    /// A name for what is set up for them: `sluice-logs-mlops` for `logs-mlops-*`.
    package var name: String {
        var stem = ""
        for character in text where character != "*" {
            let isMark = "-_.".contains(character)
            if !isMark || !(stem.last.map { "-_.".contains($0) } ?? true) { stem.append(character) }
        }
        while let last = stem.last, "-_.".contains(last) { stem.removeLast() }
        return stem.hasPrefix("sluice") ? stem : stem.isEmpty ? "sluice" : "sluice-" + stem
    }

    /// Why a template for these would take in what is not this output's; nil if it does not.
    package static func problem(_ pattern: String, isDataStream: Bool) -> String? {
        let start = pattern.prefix { $0 != "*" }
        if start.isEmpty { return "it would be for every index" }
        guard pattern.contains("*"), !isDataStream else { return nil }
        for kind in ["logs-", "metrics-", "traces-", "synthetics-"] where kind.hasPrefix(start) {
            return "it would be for data streams of others, which are called so"
        }
        return nil
    }

    /// Whether `name` is meant by `pattern`, in which `*` stands for any text.
    package static func matches(_ name: String, pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return name == pattern }
        guard name.hasPrefix(first), name.count >= first.count + last.count, name.hasSuffix(last) else { return false }
        var rest = name.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
