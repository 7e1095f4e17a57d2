// SPDX-License-Identifier: Apache-2.0

import SluiceEvents
import Yams

/// The parser's complaints about YAML text, with the place and with what to do.
enum YAMLSyntaxProblem {
    /// The problem that an error of the parser is.
    static func problem(_ error: any Error, text: String, file: String) -> ConfigurationProblem {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            return syntax(problem, context: context, mark: mark, lines: Lines(text), file: file)
        case .duplicatedKeysInMapping(let keys, let context):
            return duplicate(keys, first: context.mark, lines: Lines(text), file: file)
        case .reader(let problem, let offset, _, _):
            let before = text.prefix(offset ?? 0)
            let line = before.unicodeScalars.reduce(1) { $0 + ($1 == "\n" ? 1 : 0) }
            let column = before.unicodeScalars.reversed().prefix { $0 != "\n" }.count + 1
            return ConfigurationProblem(
                position: ConfigurationPosition(file: file, line: line, column: column),
                path: "",
                message: "this is not valid YAML: \(problem)",
                suggestion: "remove the character, or write it as an escape in double quotes"
            )
        default:
            return ConfigurationProblem(
                position: ConfigurationPosition(file: file, line: 0, column: 0),
                path: "",
                message: "this is not valid YAML",
                suggestion: "check the file with a YAML linter"
            )
        }
    }

    private static func syntax(
        _ problem: String,
        context: YamlError.Context?,
        mark: Mark,
        lines: Lines,
        file: String
    ) -> ConfigurationProblem {
        if problem == "but found another document" {
            return ConfigurationProblem(
                position: ConfigurationPosition(file: file, line: mark.line, column: mark.column),
                path: "",
                message: "a second YAML document begins here",
                suggestion: "a file holds one; put each pipeline into a file of its own"
            )
        }
        if problem.hasPrefix("Maximum nesting level") {
            return ConfigurationProblem(
                position: ConfigurationPosition(file: file, line: mark.line, column: mark.column),
                path: "",
                message: "nested too deep",
                suggestion: "no option nests deeper than \(YAMLDocument.maximumDepth) levels"
            )
        }
        var message = "this is not valid YAML: \(problem)"
        // What was left open is found out about at the end of the file; where it begins is the better place.
        var place = mark
        if let context {
            if problem.contains("end of stream") { place = context.mark }
            let isElsewhere = context.mark.line != place.line && context.mark.line > 0
            message += " " + context.text + (isElsewhere ? " that begins in line \(context.mark.line)" : "")
        }
        return ConfigurationProblem(
            position: ConfigurationPosition(file: file, line: place.line, column: place.column),
            path: "",
            message: message,
            suggestion: suggestion(problem, context: context?.text ?? "", mark: mark, lines: lines)
        )
    }

    private static func suggestion(_ problem: String, context: String, mark: Mark, lines: Lines) -> String {
        if problem.contains("tab character") || lines.isIndentedWithTab(mark.line)
            || lines.isIndentedWithTab(mark.line - 1)
        {
            return "indent with spaces, not with tabs"
        }
        let line = lines[mark.line]
        switch problem {
        case _ where context.contains("quoted scalar") && problem.contains("end of stream"):
            return "close the quotation marks"
        case _ where problem.contains("escape"):
            return "in double quotes a backslash is written \\\\; or use single quotes"
        case _ where context.contains("an alias") || problem.contains("undefined alias"):
            return "put a value that begins with * into quotation marks"
        case _ where context.contains("a tag"):
            return "put a value that begins with ! into quotation marks"
        case "found character that cannot start any token":
            return "put the value into quotation marks"
        case "mapping values are not allowed in this context":
            return "put a value with ': ' in it into quotation marks, or check the indentation"
        case "did not find expected ',' or '}'", "did not find expected ',' or ']'":
            return line.contains("${")
                ? "inside { } and [ ] write \"${NAME}\" with quotation marks"
                : "close the bracket, or put a comma between the elements"
        case "could not find expected ':'":
            return "write key: value"
        default:
            return line.contains("${") && line.contains("{ ")
                ? "inside { } and [ ] write \"${NAME}\" with quotation marks"
                : "check the indentation of this line and of the one before"
        }
    }

    /// The parser tells where the first of the keys stands, and that there is another.
    private static func duplicate(_ keys: [String], first: Mark, lines: Lines, file: String) -> ConfigurationProblem {
        let key = keys.first ?? ""
        let second = lines.nextKey(key, after: first)
        return ConfigurationProblem(
            position: ConfigurationPosition(
                file: file,
                line: second?.line ?? first.line,
                column: second?.column ?? first.column
            ),
            path: "",
            message: "the key \(ConfigurationNode.quoted(key)) is given twice"
                + (second == nil ? " in this mapping" : ", first in line \(first.line)"),
            suggestion: "keep one"
        )
    }

    /// The lines of a text, counted from 1.
    private struct Lines {
        private let lines: [Substring]

        init(_ text: String) {
            lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        }

        subscript(line: Int) -> Substring {
            line >= 1 && line <= lines.count ? lines[line - 1] : ""
        }

        func isIndentedWithTab(_ line: Int) -> Bool {
            self[line].prefix { $0 == " " || $0 == "\t" || $0 == "-" }.contains("\t")
        }

        /// Where `key` is written again in the block mapping whose key at `mark` it is.
        func nextKey(_ key: String, after mark: Mark) -> (line: Int, column: Int)? {
            var number = mark.line + 1
            while number <= lines.count {
                let line = self[number]
                let content = line.drop { $0 == " " }
                let column = line.count - content.count + 1
                number += 1
                if content.isEmpty || content.first == "#" { continue }
                if column < mark.column { return nil }
                if column > mark.column { continue }
                for form in [key, "\"\(key)\"", "'\(key)'"] where content.hasPrefix(form) {
                    if content.dropFirst(form.count).drop(while: { $0 == " " }).first == ":" {
                        return (number - 1, column)
                    }
                }
            }
            return nil
        }
    }
}
