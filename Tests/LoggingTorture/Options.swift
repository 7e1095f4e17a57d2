// SPDX-License-Identifier: Apache-2.0

/// `--name value` pairs of the command line.
struct Options {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private var values: [String: String] = [:]

    init(_ arguments: ArraySlice<String>) throws(Failure) {
        var rest = arguments
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), let value = rest.popFirst() else {
                throw Failure(description: "expected --name value, found \(name)")
            }
            values[String(name.dropFirst(2))] = value
        }
    }

    func text(_ name: String, default standard: String? = nil) throws(Failure) -> String {
        guard let value = values[name] ?? standard else { throw Failure(description: "--\(name) is missing") }
        return value
    }

    func number(_ name: String, default standard: Int? = nil) throws(Failure) -> Int {
        guard let value = values[name] else {
            guard let standard else { throw Failure(description: "--\(name) is missing") }
            return standard
        }
        guard let number = Int(value) else { throw Failure(description: "--\(name) is no number: \(value)") }
        return number
    }
}
