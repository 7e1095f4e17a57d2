// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An operation on two samples.
package enum BinaryOperation: String {
    case or, and, unless
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
    case power = "^"
    case equal = "=="
    case notEqual = "!="
    case greater = ">"
    case greaterOrEqual = ">="
    case less = "<"
    case lessOrEqual = "<="

    package var precedence: Int {
        switch self {
        case .or: 1
        case .and, .unless: 2
        case .equal, .notEqual, .greater, .greaterOrEqual, .less, .lessOrEqual: 3
        case .add, .subtract: 4
        case .multiply, .divide, .remainder: 5
        case .power: 6
        }
    }

    package var isSet: Bool { self == .or || self == .and || self == .unless }

    /// The sample; nil where a comparison does not hold.
    package func apply(_ left: Double, _ right: Double) -> Double? {
        switch self {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .divide: left / right
        case .remainder: left.truncatingRemainder(dividingBy: right)
        case .power: pow(left, right)
        case .equal: left == right ? left : nil
        case .notEqual: left != right ? left : nil
        case .greater: left > right ? left : nil
        case .greaterOrEqual: left >= right ? left : nil
        case .less: left < right ? left : nil
        case .lessOrEqual: left <= right ? left : nil
        case .or, .and, .unless: left
        }
    }
}
