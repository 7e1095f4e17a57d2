// SPDX-License-Identifier: Apache-2.0

/// A value of a configuration, whatever it was written in.
indirect enum ConfigurationValue: Sendable, Equatable {
    struct Member: Sendable, Equatable {
        var key: String
        var value: ConfigurationValue
    }

    case null
    case boolean(Bool)
    case integer(Int)
    case double(Double)
    case string(String)
    case array([ConfigurationValue])
    case object([Member])

    /// What a message says was found.
    var account: String {
        switch self {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .integer(let value): "the number \(value)"
        case .double(let value): "the number \(value)"
        case .string(let value): "the string '\(value)'"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
