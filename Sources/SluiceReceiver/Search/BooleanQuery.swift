// SPDX-License-Identifier: Apache-2.0

/// `bool`: `filter` counts as `must`, because nothing is scored.
struct BooleanQuery: Equatable {
    var must: [SearchQuery] = []
    var should: [SearchQuery] = []
    var mustNot: [SearchQuery] = []
    /// How many of `should` have to match; nil is one, or none if there is something that must.
    var minimumShouldMatch: Int?

    var wanted: Int { minimumShouldMatch ?? (must.isEmpty && !should.isEmpty ? 1 : 0) }
}
