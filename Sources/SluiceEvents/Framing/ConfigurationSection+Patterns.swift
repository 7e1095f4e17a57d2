// SPDX-License-Identifier: Apache-2.0

package import SluicePatterns

extension ConfigurationSection {
    /// A regular expression; nil if the key is absent, or wrong and reported.
    package func pattern(_ key: String) -> RegularExpression? {
        guard let node = present(key) else { return nil }
        return pattern(node)
    }

    /// A sequence of regular expressions, or a single one; empty if the key is absent.
    package func patterns(_ key: String) -> [RegularExpression] {
        guard let node = present(key) else { return [] }
        return (node.elements ?? [node]).compactMap { pattern($0) }
    }

    private func pattern(_ node: ConfigurationNode) -> RegularExpression? {
        guard let text = node.text else {
            reportWrongType(node, expected: "a regular expression")
            return nil
        }
        do throws(RegularExpression.Failure) {
            return try RegularExpression(text)
        } catch {
            let place = error.offset.map { " at its byte \($0)" } ?? ""
            report(
                node,
                "cannot read the regular expression \(node.isFromEnvironment ? "" : ConfigurationNode.quoted(text) + " ")"
                    + "for \(node.path): \(error.reason)\(place)",
                suggestion: error.suggestion
            )
            return nil
        }
    }
}
