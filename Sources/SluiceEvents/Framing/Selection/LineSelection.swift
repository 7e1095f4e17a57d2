// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes
package import SluicePatterns

/// Which lines are wanted: Filebeat's options `include_lines` and `exclude_lines`. Belongs to one thread at a time.
package final class LineSelection {
    private let include: [RegularExpressionMatcher]
    private let exclude: [RegularExpressionMatcher]
    /// How often a pattern was given up because it needed too long; it counts as not matching then.
    package private(set) var failures = 0

    /// - Parameters:
    ///   - include: if there are any, a line must match one of them.
    ///   - exclude: a line must match none of them.
    package init(include: [RegularExpression], exclude: [RegularExpression]) throws(RegularExpression.Failure) {
        var matchers: [[RegularExpressionMatcher]] = []
        for patterns in [include, exclude] {
            var row: [RegularExpressionMatcher] = []
            for pattern in patterns { row.append(try pattern.makeMatcher()) }
            matchers.append(row)
        }
        self.include = matchers[0]
        self.exclude = matchers[1]
    }

    /// Whether it keeps every line.
    package var isEmpty: Bool { include.isEmpty && exclude.isEmpty }

    package func keeps(_ text: ByteView) -> Bool {
        if !include.isEmpty, !matches(include, text) { return false }
        return !matches(exclude, text)
    }

    private func matches(_ matchers: [RegularExpressionMatcher], _ text: ByteView) -> Bool {
        for matcher in matchers {
            do throws(RegularExpression.Failure) {
                if try matcher.matches(text) { return true }
            } catch {
                failures += 1
            }
        }
        return false
    }

    /// The events of a batch, from `first` on, whose text is wanted; all before it are.
    package func mask(of batch: EventBatch, from first: Int = 0) -> EventMask {
        var mask = EventMask(count: batch.events.count, isSet: true)
        guard !isEmpty else { return mask }
        mask.filter { event in
            event < first || keeps(batch.arena.view(batch.events[event].textStart, batch.events[event].textEnd))
        }
        return mask
    }
}

extension EventBatch {
    /// Takes away the events from `first` on that are not wanted. Called before they are parsed.
    ///
    /// - Returns: how many went.
    package func select(_ selection: LineSelection, from first: Int) -> Int {
        guard !selection.isEmpty, first < events.count else { return 0 }
        let mask = selection.mask(of: self, from: first)
        var kept = first
        for event in first..<events.count where mask[event] {
            if kept != event { events[kept] = events[event] }
            kept += 1
        }
        let gone = events.count - kept
        events.truncate(to: kept)
        return gone
    }
}
