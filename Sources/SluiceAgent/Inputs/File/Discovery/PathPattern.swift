// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a pattern: "the pattern …".
package struct PathPatternError: Error, Equatable {
    package let reason: String
    package init(_ reason: String) { self.reason = reason }
}

/// A pattern for paths, name by name: `/var/log/**/app-{a,b}[0-9]*.log`. `**` stands for any number of directories,
/// none included; braces for each of several texts.
package struct PathPattern: Equatable, Sendable {
    package enum Component: Equatable, Sendable {
        case name(NamePattern)
        /// `**`
        case directories
    }

    let components: [Component]

    private init(_ text: String) throws(PathPatternError) {
        var components: [Component] = []
        for part in text.split(separator: "/") where part != "." {
            if part == "**" {
                if components.last != .directories { components.append(.directories) }
            } else {
                components.append(.name(try NamePattern(part)))
            }
        }
        // All that is below.
        if components.last == .directories { components.append(.name(try NamePattern("*"))) }
        self.components = components
    }

    /// Reads a pattern.
    ///
    /// - Returns: one for each choice of what stands in braces.
    package static func parse(_ text: String) throws(PathPatternError) -> [PathPattern] {
        var patterns: [PathPattern] = []
        for choice in try choices(Array(text)) { patterns.append(try PathPattern(String(choice))) }
        return patterns
    }

    /// A pattern of many braces stands for very many; nobody means that.
    private static let maximumChoices = 1024

    private static func choices(_ text: [Character]) throws(PathPatternError) -> [[Character]] {
        guard let open = unescaped("{", in: text, from: 0) else { return [text] }
        var depth = 0
        var parts: [[Character]] = [[]]
        var position = open + 1
        while position < text.count {
            let character = text[position]
            if character == "\\", position + 1 < text.count {
                parts[parts.count - 1] += [character, text[position + 1]]
                position += 2
                continue
            }
            if character == "}", depth == 0 { break }
            if character == "{" { depth += 1 }
            if character == "}" { depth -= 1 }
            if character == ",", depth == 0 { parts.append([]) } else { parts[parts.count - 1].append(character) }
            position += 1
        }
        guard position < text.count else { throw PathPatternError("has a '{' without '}'") }
        var result: [[Character]] = []
        for part in parts {
            result += try choices(Array(text[..<open]) + part + Array(text[(position + 1)...]))
            if result.count > maximumChoices {
                throw PathPatternError("stands for more than \(maximumChoices) others by its braces")
            }
        }
        return result
    }

    private static func unescaped(_ character: Character, in text: [Character], from start: Int) -> Int? {
        var position = start
        while position < text.count {
            if text[position] == "\\" { position += 1 } else if text[position] == character { return position }
            position += 1
        }
        return nil
    }
}
