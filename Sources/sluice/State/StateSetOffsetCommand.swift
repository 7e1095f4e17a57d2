// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent

/// `sluice state set-offset PATH OFFSET|END`
struct StateSetOffsetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-offset",
        abstract: "Lets every output go on at another place of a file.",
        discussion: """
            Going back repeats lines; they keep their ids, so that Elasticsearch drops what it has, and Loki what it has at \
            hand. Going forwards skips lines for good.
            """
    )

    @Argument(help: "The file, which the state has to know.", completion: .file())
    var path: String

    @Argument(help: "The first byte that is read next, or END for what is written from now on.")
    var offset: String

    @OptionGroup var options: StateOptions

    @OptionGroup var confirmation: Confirmation

    func validate() throws {
        guard offset.uppercased() == "END" || (Int64(offset) ?? -1) >= 0 else {
            throw ValidationError("OFFSET is a number of bytes from 0, or END, and not '\(offset)'")
        }
    }

    func run() throws {
        let path = FilePattern.absolute(path)
        let wanted = offset.uppercased() == "END" ? nil : Int64(offset)
        let editors = try options.editors()
        try StateFailure.reported {
            let place: LinePlace
            do {
                place = try LinePlace(wanted, path: path, direction: .forwards)
            } catch {
                throw StateFailure("'\(path)': \(error)")
            }
            let known = editors.compactMap { folder, editor in
                editor.generation(at: path).map { (folder: folder, editor: editor, generation: $0) }
            }
            guard let first = known.first else {
                throw StateFailure(
                    "the state does not know '\(path)' as it is now: 'sluice state list' lists what it knows",
                    status: ExitStatus.usage
                )
            }
            guard known.count == 1 else {
                let names = known.map(\.folder.name).joined(separator: ", ")
                throw StateFailure(
                    "several pipelines read '\(path)' (\(names)): choose one with --pipeline",
                    status: ExitStatus.usage
                )
            }
            if let wanted, place.offset != wanted {
                Terminal.print("byte \(wanted) is within a line: the next one begins at \(place.offset)")
            }
            for output in first.generation.progress.keys.sorted() {
                let before = first.generation.progress[output]?.contiguous ?? 0
                Terminal.print("output \(output): \(Self.effect(from: before, to: place.offset))")
            }
            try confirmation.ask()
            first.editor.set(
                first.generation.row,
                offset: place.offset,
                head: place.head,
                anchor: place.anchor,
                outputs: Array(first.generation.progress.keys)
            )
            try first.editor.commit()
            Terminal.print("done: '\(path)' is read from byte \(place.offset) on")
        }
    }

    private static func effect(from before: Int64, to after: Int64) -> String {
        if after < before { return "from \(before) back to \(after), which repeats \(before - after) bytes" }
        if after > before { return "from \(before) to \(after), which skips \(after - before) bytes for good" }
        return "stays at \(after)"
    }
}
