// SPDX-License-Identifier: Apache-2.0

/// `bool`: `filter` counts as `must`, because nothing is scored.
package struct BooleanQuery: Equatable {
    package var must: [SearchQuery] = []
    package var should: [SearchQuery] = []
    package var mustNot: [SearchQuery] = []
    /// How many of `should` have to match; nil is one, or none if there is something that must.
    package var minimumShouldMatch: Int?

    package var wanted: Int { minimumShouldMatch ?? (must.isEmpty && !should.isEmpty ? 1 : 0) }
}
