// SPDX-License-Identifier: Apache-2.0

/// One line of the `fields` of `rename` and `copy_fields`.
struct FieldMove {
    var from: FieldPath
    var to: FieldPath

    /// Reads `fields: [{from, to}]`; nil, and reported, if there are none or something is wrong.
    static func read(_ section: ConfigurationSection) -> [FieldMove]? {
        let problems = section.problems.count
        let moves = section.sections("fields").map { move in
            (move, move.requiredString("from"), move.requiredString("to"))
        }
        guard section.problems.count == problems else { return nil }
        guard !moves.isEmpty else {
            section.reportMissing("fields", expected: "a sequence of {from: name, to: name}")
            return nil
        }
        return moves.compactMap { _, from, to in
            from.flatMap { from in to.map { FieldMove(from: FieldPath(from), to: FieldPath($0)) } }
        }
    }
}
