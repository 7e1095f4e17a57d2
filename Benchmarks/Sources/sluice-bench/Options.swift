// SPDX-License-Identifier: Apache-2.0

/// `--name value` pairs.
struct Options {
    private var values: [String: String] = [:]

    init(_ words: ArraySlice<String>) throws(ToolError) {
        var words = words
        while let word = words.popFirst() {
            guard word.hasPrefix("--"), let value = words.popFirst() else {
                throw ToolError("`\(word)` is not `--option value`", code: 64)
            }
            values[String(word.dropFirst(2))] = value
        }
    }

    func text(_ name: String) -> String? { values[name] }

    func required(_ name: String) throws(ToolError) -> String {
        guard let value = values[name] else { throw ToolError("--\(name) is missing", code: 64) }
        return value
    }

    func list(_ name: String) -> [String] { values[name]?.split(separator: ",").map(String.init) ?? [] }

    func number(_ name: String) throws(ToolError) -> Int? {
        guard let value = values[name] else { return nil }
        guard let number = Int(value), number >= 0 else {
            throw ToolError("--\(name) wants a number, not `\(value)`", code: 64)
        }
        return number
    }
}
