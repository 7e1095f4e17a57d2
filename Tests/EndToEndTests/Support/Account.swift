// SPDX-License-Identifier: Apache-2.0

/// What arrived, compared with what was written.
struct Account: CustomStringConvertible {
    private(set) var missing: [String: Int] = [:]
    private(set) var extra: [String: Int] = [:]

    init(written: [String: Int], arrived: [String]) {
        var rest = written
        for text in arrived { rest[text, default: 0] -= 1 }
        for (text, count) in rest {
            if count > 0 { missing[text] = count }
            if count < 0 { extra[text] = -count }
        }
    }

    init(written: [String], arrived: [String]) {
        self.init(written: Dictionary(written.map { ($0, 1) }, uniquingKeysWith: +), arrived: arrived)
    }

    var isEven: Bool { missing.isEmpty && extra.isEmpty }

    var description: String {
        func shown(_ texts: [String: Int]) -> String {
            let total = texts.values.reduce(0, +)
            let examples = texts.keys.sorted().prefix(5).map { String($0.prefix(80)) }.joined(separator: " | ")
            return "\(total)" + (examples.isEmpty ? "" : " (\(examples))")
        }
        return "missing \(shown(missing)), too many \(shown(extra))"
    }
}
