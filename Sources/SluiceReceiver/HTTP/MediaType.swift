// SPDX-License-Identifier: Apache-2.0

/// A media type, such as `application/json; charset=utf-8`.
package struct MediaType: Equatable {
    /// Type and subtype in lower case.
    package var essence: String

    /// Nil if the text is none.
    package init?(_ text: String) {
        let first = text.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        let trimmed = first.drop { $0 == " " || $0 == "\t" }
        let essence = trimmed.prefix { $0 != " " && $0 != "\t" }.lowercased()
        let parts = essence.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.essence = essence
    }
}
