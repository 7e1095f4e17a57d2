// SPDX-License-Identifier: Apache-2.0

import SluiceLogging
import Testing

@Suite("Retention")
struct RetentionPolicyTests {
    @Test(
        "Only names that rotation gives are its own",
        arguments: [
            (".1", .numbered, true), (".10", .numbered, true), (".0", .numbered, false), (".01", .numbered, false),
            ("", .numbered, false), (".", .numbered, false), ("1", .numbered, false), (".1.2", .numbered, false),
            (".old", .numbered, false), (".1x", .numbered, false), (".-1", .numbered, false),
            (".12345678901234567890", .numbered, false), (".2026-11-22", .numbered, false),
            (".2026-11-22", .dated, true), (".2026-11-22.1", .dated, true), (".2026-11-22_03", .dated, true),
            (".2026-11-22_03-32-00.7", .dated, true), (".2026-11-22.0", .dated, false),
            (".2026-11-22.bak", .dated, false),
            (".2026-11-2", .dated, false), (".2026-11-22-03", .dated, false), (".20261122", .dated, false),
            (".2026-11-22.1.2", .dated, false), (".1", .dated, false), (".2026-11-22.", .dated, false),
        ] as [(String, RotationPolicy.Naming, Bool)]
    )
    func names(_ suffix: String, _ naming: RotationPolicy.Naming, _ isOurs: Bool) {
        let name = RotatedName(suffix: Substring(suffix), naming: naming)
        #expect((name != nil) == isOurs)
        if let name { #expect(name.suffix == suffix) }
    }

    @Test("The newest comes first")
    func order() {
        let numbered = [1, 2, 9, 10].map { RotatedName(stamp: "", number: $0) }
        let dated = [("2026-11-22", 10), ("2026-11-22", 9), ("2026-11-22", 0), ("2026-11-21_03", 0), ("2025-12-31", 3)]
            .map { RotatedName(stamp: $0.0, number: $0.1) }
        for names in [numbered, dated] {
            #expect(names.reversed().sorted { $0.isNewer(than: $1) } == names)
        }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        var policy: RetentionPolicy
        /// The numbers of the files that go.
        var excess: [Int]
        var testDescription: String { "\(policy)" }
    }

    @Test(
        "What goes",
        arguments: [
            Row(policy: .unlimited, excess: []),
            Row(policy: RetentionPolicy(), excess: []),
            Row(policy: RetentionPolicy(maximumCount: 3), excess: [4, 5]),
            Row(policy: RetentionPolicy(maximumCount: 0), excess: [1, 2, 3, 4, 5]),
            Row(policy: RetentionPolicy(maximumCount: -1), excess: [1, 2, 3, 4, 5]),
            Row(policy: RetentionPolicy(maximumCount: nil, maximumAge: .seconds(300)), excess: [4, 5]),
            Row(policy: RetentionPolicy(maximumCount: nil, maximumTotalBytes: 450), excess: [4, 5]),
            Row(policy: RetentionPolicy(maximumCount: nil, maximumTotalBytes: 99), excess: [1, 2, 3, 4, 5]),
            // Each of the three counts.
            Row(
                policy: RetentionPolicy(maximumCount: 4, maximumAge: .seconds(300), maximumTotalBytes: 250),
                excess: [3, 4, 5]
            ),
        ]
    )
    func excess(_ row: Row) {
        // Five files of 100, 150, 100, 150 and 100 bytes, 100 to 500 seconds old.
        let files = (1...5).map { number in
            let name = RotatedName(stamp: "", number: number)
            let content = RotatedFile.Content(size: 100, modified: Int64(10_000 - number * 100), inode: UInt64(number))
            let small = RotatedFile.Content(size: 50, modified: Int64(10_000 - number * 100), inode: 99)
            return RotatedFile(name: name, original: content, compressed: number % 2 == 0 ? small : nil)
        }
        #expect(row.policy.excess(of: files, now: 10_000).map(\.name.number) == row.excess)
    }
}
