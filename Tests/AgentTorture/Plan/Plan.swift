// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Everything that the seed decides beforehand.
struct Plan {
    let seed: UInt64
    let seconds: Int
    let writers: [WriterPlan]
    let torments: [Torment]
    /// About the most bytes that a message has.
    let longestMessage: Int

    init(seed: UInt64, seconds: Int, writers: [WriterPlan], torments: [Torment], longestMessage: Int) {
        self.seed = seed
        self.seconds = seconds
        self.writers = writers
        self.torments = torments
        self.longestMessage = longestMessage
    }

    /// Reads `--seed`, `--seconds`, `--writers`, `--only` and `--except`.
    init(_ options: Options) throws(Failure) {
        var anything = SystemRandomNumberGenerator()
        seed = UInt64(try options.number("seed", default: Int.random(in: 1...999_999_999, using: &anything)))
        seconds = try options.number("seconds", default: 60)
        longestMessage = .max
        let (only, except) = (options.names("only"), options.names("except"))
        let known = Style.allCases.map(\.rawValue) + Torment.allCases.map(\.rawValue)
        for name in only + except where !known.contains(name) {
            throw Failure("there is no style or torment '\(name)'; `agent-torture list` lists them")
        }
        let styles = Self.chosen(Style.allCases, only, except)
        torments = Self.chosen(Torment.allCases, only, except)
        guard !styles.isEmpty else { throw Failure("no style is left") }
        let count = try options.number("writers", default: 2 * styles.count)
        var random = SplitMix64(seed: seed)
        writers = (0..<count).map { number in
            WriterPlan(
                number: number,
                style: styles[number % styles.count],
                format: random.pick(LineFormat.allCases),
                // Each style with and without.
                staysInPattern: number / styles.count % 2 == 0,
                seed: random.next(),
                keeps: 2 + random.below(6)
            )
        }
    }

    /// `--only` names of one kind leave the other kind as it is.
    private static func chosen<Kind: RawRepresentable<String>>(
        _ all: [Kind],
        _ only: [String],
        _ except: [String]
    ) -> [Kind] {
        let named = all.filter { only.contains($0.rawValue) }
        return (named.isEmpty ? all : named).filter { !except.contains($0.rawValue) }
    }
}
