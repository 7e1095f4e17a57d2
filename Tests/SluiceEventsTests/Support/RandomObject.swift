// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// JSON objects as logs have them, and odder ones, from a seed.
struct RandomObject {
    var random: SplitMix64

    mutating func line(depth: Int = 3) -> String { space() + object(depth: depth) + space() }

    private mutating func object(depth: Int) -> String {
        let members = (0..<random.below(8)).map { _ in
            space() + key() + space() + ":" + space() + value(depth: depth - 1) + space()
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    private mutating func key() -> String {
        random.pick([
            #""a""#, #""b""#, #""c""#, #""level""#, #""message""#, #""a.b""#, #""b.c.d""#, #""k\u00e9""#, #""ké""#,
            #""q\"""#,
            #"""# + #"""#, #""\u0061""#, #""key\#(random.below(100))""#,
        ])
    }

    private mutating func value(depth: Int) -> String {
        switch random.below(depth > 0 ? 10 : 7) {
        case 0: random.pick(["true", "false", "null"])
        case 1, 2: random.pick(["0", "-1", "200", "1.5", "-0.0", "1e9", "12345678901234567890", "2E-3"])
        case 3...6:
            random.pick([
                #""""#, #""x""#, #""hello world""#, #""é\n\"""#, #""\ud83d\ude00""#, #""a/b\/c""#, #""{}[],:""#,
            ])
        case 7: "[" + (0..<random.below(4)).map { _ in value(depth: depth - 1) }.joined(separator: space() + ",") + "]"
        default: object(depth: depth - 1)
        }
    }

    private mutating func space() -> String { random.below(5) == 0 ? random.pick([" ", "\t", "\r", "\n"]) : "" }
}
