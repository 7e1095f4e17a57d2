// SPDX-License-Identifier: Apache-2.0

// The canonical text of a query: what was understood, with brackets around every operation.

extension LogQLExpression: CustomStringConvertible {
    package var description: String {
        switch self {
        case .logs(let selector): "\(selector)"
        case .range(let aggregation):
            "\(aggregation.operation.rawValue)(\(aggregation.selector)[\(aggregation.range)ns]"
                + (aggregation.offset == 0 ? ")" : " offset \(aggregation.offset)ns)")
        case .aggregation(let aggregation):
            aggregation.operation.rawValue + Self.text(aggregation.grouping)
                + (aggregation.operation.takesNumber ? "(\(aggregation.number), " : "(") + "\(aggregation.operand))"
        case .binary(let operation, let left, let right): "(\(left) \(operation.rawValue) \(right))"
        case .number(let value): GoNumber.text(value)
        case .vector(let value): "vector(\(GoNumber.text(value)))"
        }
    }

    private static func text(_ grouping: VectorAggregation.Grouping?) -> String {
        switch grouping {
        case nil: ""
        case .by(let names): " by (\(names.joined(separator: ", "))) "
        case .without(let names): " without (\(names.joined(separator: ", "))) "
        }
    }
}

extension LogSelector: CustomStringConvertible {
    package var description: String {
        "{" + matchers.map(\.description).joined(separator: ", ") + "}" + stages.map { " \($0)" }.joined()
    }
}

extension PipelineStage: CustomStringConvertible {
    package var description: String {
        switch self {
        case .line(let filter):
            filter.operation.rawValue + " " + filter.texts.map { GoQuoting.quote($0) }.joined(separator: " or ")
        case .label(let filter): "| \(filter)"
        case .json: "| json"
        case .logfmt: "| logfmt"
        case .drop(let choices): "| drop \(Self.text(choices))"
        case .keep(let choices): "| keep \(Self.text(choices))"
        }
    }

    private static func text(_ choices: [Choice]) -> String {
        choices.map { $0.matcher?.description ?? $0.name }.joined(separator: ", ")
    }
}

extension LabelFilter: CustomStringConvertible {
    package var description: String {
        switch self {
        case .text(let matcher): matcher.description
        case .number(let name, let comparison, let value, let unit):
            name + comparison.rawValue + GoNumber.text(value)
                + (unit == .duration ? "ns" : unit == .bytes ? "B" : "")
        case .and(let left, let right): "(\(left) and \(right))"
        case .or(let left, let right): "(\(left) or \(right))"
        }
    }
}
