// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent
import SluiceBytes

/// Which dead letters are to be changed: numbers, or what they have in common.
struct DeadLetterSelection: ParsableArguments {
    @Argument(help: "Numbers of dead letters, as 'list' shows them.")
    var numbers: [Int64] = []

    @Flag(help: "All of them.")
    var all = false

    @Option(help: "Those that the output of this name refused.")
    var output: String?

    @Option(help: "Those that were refused with this status.")
    var status: Int?

    @Option(help: "Those that were refused before this time, such as 2026-11-24 or 2026-11-24T08:30:00Z.")
    var before: String?

    func validate() throws {
        let hasFilter = output != nil || status != nil || before != nil
        let ways = [!numbers.isEmpty, all, hasFilter].count { $0 }
        if ways != 1 {
            throw ValidationError(
                "say which dead letters: their numbers, or --all, or one or more of --output, --status and --before"
            )
        }
        if let before, Self.time(before) == nil {
            throw ValidationError("--before takes a date or a time such as 2026-11-24T08:30:00Z, and not '\(before)'")
        }
    }

    var filter: DeadLetterFilter {
        var filter = DeadLetterFilter()
        if !numbers.isEmpty { filter.numbers = Set(numbers) }
        filter.output = output
        filter.status = status
        filter.before = before.flatMap(Self.time)
        return filter
    }

    /// Nanoseconds since 1970; a date is its beginning in UTC.
    private static func time(_ text: String) -> Int64? {
        let text = text.utf8.count == 10 ? text + "T00:00:00Z" : text
        return text.withByteView { Timestamp.parse($0, isZoneOptional: true)?.nanoseconds }
    }

    /// The letters of a box that are meant; it is an error if there are none, or if a number has none.
    func letters(in box: DeadLetterBox) throws -> [KeptDeadLetter] {
        let letters = try box.list(filter)
        let missing = Set(numbers).subtracting(letters.map(\.number)).sorted()
        if !missing.isEmpty {
            let words = missing.map(String.init).joined(separator: ", ")
            throw StateFailure(
                "there is no dead letter \(words): 'sluice deadletters list' has the numbers; nothing was changed",
                status: ExitStatus.usage
            )
        }
        return letters
    }
}
