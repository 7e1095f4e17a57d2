// SPDX-License-Identifier: Apache-2.0

/// The pieces of a file in `Snippets/` that documents show: each from `// snippet.NAME` to `// snippet.end`.
struct SnippetFile {
    struct Slice {
        let name: String
        /// Without the indentation that all of its lines have, and without empty lines around it; with its last newline.
        let code: String
    }

    let path: String
    let slices: [Slice]

    /// All files there are.
    static func all() throws -> [SnippetFile] {
        try Repository.files(below: "Snippets", extensions: ["swift"]).map { try SnippetFile(path: $0) }
    }

    init(path: String) throws {
        self.path = path
        var slices: [Slice] = []
        var open: (name: String, lines: [Substring])?
        for line in try Repository.read(path).split(separator: "\n", omittingEmptySubsequences: false) {
            let mark = line.drop { $0 == " " }
            guard mark.hasPrefix("// snippet.") else {
                open?.lines.append(line)
                continue
            }
            if let finished = open { slices.append(Slice(name: finished.name, code: Self.outdented(finished.lines))) }
            let name = String(mark.dropFirst("// snippet.".count))
            open = name == "end" ? nil : (name, [])
        }
        if let open { throw Command.Failure(description: "\(path): the end of snippet '\(open.name)' is missing") }
        self.slices = slices
    }

    private static func outdented(_ lines: [Substring]) -> String {
        // A formatter may put an empty line before or behind a mark.
        let first = lines.firstIndex { !$0.isEmpty } ?? lines.endIndex
        let last = lines.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? lines.endIndex
        let lines = lines[first..<last]
        let margin = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return lines.map { $0.dropFirst(margin) + "\n" }.joined()
    }
}
