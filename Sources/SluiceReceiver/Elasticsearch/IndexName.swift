// SPDX-License-Identifier: Apache-2.0

/// The rules for names of indices and data streams.
///
/// Source: Elasticsearch's create-index reference, "path parameters".
package enum IndexName {
    /// What is wrong with the name of a new index; nil if nothing is.
    package static func problem(_ name: String) -> String? {
        if name.isEmpty { return "must not be empty" }
        if name == "." || name == ".." { return "must not be '.' or '..'" }
        let forbidden: [Character] = ["\\", "/", "*", "?", "\"", "<", ">", "|", " ", ","]
        if name.contains(where: forbidden.contains) {
            return "must not contain the following characters ['\\\\','/','*','?','\"','<','>','|',' ',',']"
        }
        if name.contains("#") { return "must not contain '#'" }
        if name.contains(":") { return "must not contain ':'" }
        if let first = name.first, "_-+".contains(first) { return "must not start with '_', '-', or '+'" }
        if name.utf8.count > 255 { return "index name is too long, (\(name.utf8.count) > 255)" }
        if name.lowercased() != name { return "must be lowercase" }
        return nil
    }

    /// Whether a new index of this name is a data stream, by the templates that come with Elasticsearch.
    package static func isDataStream(_ name: String) -> Bool {
        let parts = name.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 && ["logs", "metrics", "traces", "synthetics"].contains(parts[0])
            && !parts[1].isEmpty && !parts[2].isEmpty
    }

    /// Whether `name` is meant by `pattern`, in which `*` stands for any text.
    package static func matches(_ name: some StringProtocol, pattern: some StringProtocol) -> Bool {
        let name = Array(name.utf8)
        let pattern = Array(pattern.utf8)
        var at = 0
        var next = 0
        var star: (pattern: Int, name: Int)?
        while at < name.count {
            if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
                star = (next, at)
                next += 1
            } else if next < pattern.count, pattern[next] == name[at] {
                next += 1
                at += 1
            } else if let last = star {
                next = last.pattern + 1
                at = last.name + 1
                star = (last.pattern, at)
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
