// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent

/// `sluice deadletters list`
struct DeadLettersListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists dead letters, the newest first, and counts them by output and reason.",
        discussion: "In the counts, … stands for numbers and for what is between quotation marks."
    )

    private static let limit = 20

    @Flag(help: "All of them, and not only the newest 20.")
    var all = false

    @Option(help: "Only those that the output of this name refused.")
    var output: String?

    @Option(help: "Only those that were refused with this status.")
    var status: Int?

    @Flag(help: "JSON, for programs: an array, without the texts.")
    var json = false

    @OptionGroup var options: StateOptions

    func run() throws {
        var filter = DeadLetterFilter()
        filter.output = output
        filter.status = status
        var found: [(pipeline: String, kept: KeptDeadLetter)] = []
        for folder in try options.folders() {
            try StateFailure.reported {
                found += try DeadLetterBox(reading: folder.directory).list(filter).map { (folder.name, $0) }
            }
        }
        found.sort { $0.kept.moment > $1.kept.moment }
        let shown = all ? found[...] : found.prefix(Self.limit)
        if json {
            let records = shown.map { DeadLetterRecord.write($0.kept, pipeline: $0.pipeline, hasText: false) }
            return Terminal.print(records.isEmpty ? "[]" : "[\n" + records.joined(separator: ",\n") + "\n]")
        }
        let screen = Screen()
        if found.isEmpty { return screen.print("there are no dead letters") }
        let width = screen.isInteractive ? screen.width - 1 : nil
        var table = TextTable([
            .init(title: "NUMBER", isNumber: true), .init(title: "OUTPUT"), .init(title: "WHEN"),
            .init(title: "STATUS", isNumber: true), .init(title: "PATH", isFlexible: true),
            .init(title: "OFFSET", isNumber: true), .init(title: "BYTES", isNumber: true),
            .init(title: "REASON", isOptional: true), .init(title: "PIPELINE", isOptional: true),
        ])
        for (pipeline, kept) in shown {
            table.add([
                "\(kept.number)", kept.letter.output, DeadLetterText.time(kept.moment), "\(kept.letter.status)",
                DeadLetterText.line(kept.letter.path), "\(kept.letter.offset)", "\(kept.byteCount)",
                DeadLetterText.line(DeadLetterGroup.words(kept.letter.reason)), pipeline,
            ])
        }
        for line in table.lines(width: width) { screen.print(line) }
        if shown.count < found.count {
            screen.print(
                "\(shown.count) of \(Figures.count(found.count)) dead letters, the newest first; --all shows all"
            )
        }
        screen.print()
        for line in DeadLetterText.summary(found.map(\.kept)) {
            screen.print(width.map { TextTable.cut(line, $0) } ?? line)
        }
    }
}
