// SPDX-License-Identifier: Apache-2.0

/// Everything that is wrong with the configurations of one run, collected so that all of it is reported at once.
///
/// Whoever reads options reports here and goes on with a default; nothing starts unless this is empty at the end.
package final class ConfigurationProblems: CustomStringConvertible {
    private var problems: [ConfigurationProblem] = []
    private var lines: Set<String> = []

    package init() {}

    package var isEmpty: Bool { problems.isEmpty }
    package var count: Int { problems.count }

    /// The problems in the order of the files' lines, those of one position as they were reported.
    package var sorted: [ConfigurationProblem] {
        problems.enumerated()
            .sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
            .map(\.element)
    }

    /// One line a problem, each `file:line:column: what is wrong: what to do`.
    package var description: String {
        sorted.map(\.description).joined(separator: "\n")
    }

    /// Adds a problem, unless its line is there already: what an alias points to is read more than once.
    package func report(_ problem: ConfigurationProblem) {
        if lines.insert(problem.description).inserted { problems.append(problem) }
    }

    /// Adds a problem with the value that `node` is.
    package func report(_ node: ConfigurationNode, _ message: String, suggestion: String? = nil) {
        report(
            ConfigurationProblem(position: node.position, path: node.path, message: message, suggestion: suggestion)
        )
    }

    /// Adds a problem at a position.
    package func report(
        at position: ConfigurationPosition,
        path: String = "",
        _ message: String,
        suggestion: String? = nil
    ) {
        report(ConfigurationProblem(position: position, path: path, message: message, suggestion: suggestion))
    }

    /// Adds the problem that a key of the mapping at `path` is none of the known ones, with the nearest of them.
    package func reportUnknownKey(
        _ key: String,
        at position: ConfigurationPosition,
        path: String,
        known: some Sequence<String>
    ) {
        report(
            at: position,
            path: path,
            "unknown key \(ConfigurationNode.quoted(key))" + (path.isEmpty ? "" : " in \(path)"),
            suggestion: Self.suggestion(for: key, known: known)
        )
    }

    /// `did you mean 'X'?`, or else what there is to choose from; nil where there is nothing to choose.
    package static func suggestion(for name: String, known: some Sequence<String>) -> String? {
        let known = Array(known)
        if let nearest = NearestName.nearest(to: name, among: known) {
            return "did you mean \(ConfigurationNode.quoted(nearest))?"
        }
        if known.isEmpty { return nil }
        let names = known.sorted().map(ConfigurationNode.quoted)
        return "known here: " + names.joined(separator: ", ")
    }
}
