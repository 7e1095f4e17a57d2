// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Holds where every field is a number within its bounds: `{status: {gte: 400, lt: 500}}` or `{status.gte: 400}`.
package final class RangeCondition: Condition {
    private enum Operator: String, CaseIterable {
        case lt, lte, gt, gte
    }

    private struct Bound {
        var operation: Operator
        var double: Double
        /// The bound, if it is a whole number: two whole numbers are compared exactly.
        var integer: Int64?

        func admits(_ value: FieldValue) -> Bool {
            if let bound = integer, let number = value.integer { return Self.compare(number, operation, bound) }
            guard let number = value.double else { return false }
            return Self.compare(number, operation, double)
        }

        private static func compare<Number: Comparable>(
            _ left: Number,
            _ operation: Operator,
            _ right: Number
        ) -> Bool {
            switch operation {
            case .lt: left < right
            case .lte: left <= right
            case .gt: left > right
            case .gte: left >= right
            }
        }
    }

    private let clauses: [(lookup: FieldLookup, bound: Bound)]

    package init?(node: ConfigurationNode, problems: ConfigurationProblems) {
        guard let entries = ConditionFields.read(node, problems: problems) else { return nil }
        var clauses: [(lookup: FieldLookup, bound: Bound)] = []
        for entry in entries {
            guard let dot = entry.name.lastIndex(of: "."), dot > entry.name.startIndex,
                let operation = Operator(rawValue: String(entry.name[dot...].dropFirst()))
            else {
                problems.report(
                    entry.node,
                    "\(ConfigurationNode.quoted(entry.name)) in \(node.path) does not end in a comparison",
                    suggestion: "write 'field: {gte: 1}' or 'field.gte: 1', with lt, lte, gt or gte"
                )
                continue
            }
            let lookup = FieldLookup(FieldPath(String(entry.name[..<dot])))
            switch entry.node.scalarValue {
            case .integer(let value):
                clauses.append((lookup, Bound(operation: operation, double: Double(value), integer: value)))
            case .double(let value) where !value.isNaN:
                clauses.append((lookup, Bound(operation: operation, double: value, integer: nil)))
            default:
                problems.report(
                    entry.node,
                    "expected a number for \(entry.node.path), found \(entry.node.inWords)"
                )
            }
        }
        guard clauses.count == entries.count else { return nil }
        self.clauses = clauses
    }

    package func filter(_ selected: inout EventMask, of batch: EventBatch) {
        for clause in clauses {
            var lookup = clause.lookup
            let bound = clause.bound
            lookup.begin(batch)
            selected.filter { event in
                guard let value = lookup.value(in: batch, of: event) else { return false }
                return bound.admits(value)
            }
        }
    }
}
