// SPDX-License-Identifier: Apache-2.0

/// As much of Markdown as the tests of our own documents need.
enum Markdown {
    /// The fenced code blocks in a language, each with its last newline.
    static func blocks(_ language: String, in text: String) -> [String] {
        var blocks: [String] = []
        var block: String?
        var isFenced = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let finished = block { blocks.append(finished) }
                block = !isFenced && line == "```\(language)" ? "" : nil
                isFenced.toggle()
            } else {
                block?.append(line + "\n")
            }
        }
        return blocks
    }

    /// The targets of the links outside code blocks.
    static func links(in text: String) -> [String] {
        var rest = prose(text)[...]
        var links: [String] = []
        while let opening = rest.firstRange(of: "](") {
            rest = rest[opening.upperBound...]
            links.append(String(rest.prefix { $0 != ")" && $0 != " " }))
        }
        return links
    }

    /// The headings, without their marks.
    static func headings(in text: String) -> [String] {
        prose(text).split(separator: "\n").filter { $0.hasPrefix("#") }
            .map { String($0.drop { $0 == "#" }.drop { $0 == " " }) }
    }

    /// The anchor that GitHub gives a heading.
    static func anchor(_ heading: String) -> String {
        String(
            heading.lowercased().compactMap { character in
                character == " " ? "-" : character.isLetter || character.isNumber || character == "-" ? character : nil
            }
        )
    }

    private static func prose(_ text: String) -> String {
        var isFenced = false
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { line in
                if line.hasPrefix("```") {
                    isFenced.toggle()
                    return false
                }
                return !isFenced
            }
            .joined(separator: "\n")
    }
}
