// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import SluiceAgent
import SluiceBytes

/// `sluice state import FILE`
struct StateImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Reads what 'export' has written.",
        discussion: """
            A generation that the state has already takes the offsets of the file; the others are added, and what the \
            file does not have stays. If a line is wrong, nothing is changed.
            """
    )

    @Argument(help: "A file of NDJSON; '-' for standard input.", completion: .file())
    var file: String

    @OptionGroup var options: StateOptions

    func run() throws {
        try StateFailure.reported {
            let records = try read()
            var count = 0
            let names = Set(records.map(\.pipeline)).sorted()
            // All locks first, so that all of it is done or nothing.
            let editors = try names.map { ($0, try StateEditor(directory: "\(options.directory)/\($0)")) }
            for (name, editor) in editors {
                for record in records where record.pipeline == name {
                    if editor.insert(record.generation) { count += 1 }
                }
            }
            for (_, editor) in editors { try editor.commit() }
            Terminal.print("\(count) generations of \(names.count) pipelines are in '\(options.directory)' now")
        }
    }

    private func read() throws -> [(pipeline: String, generation: Generation)] {
        var records: [(pipeline: String, generation: Generation)] = []
        let name = file == "-" ? "standard input" : file
        for (number, line) in try bytes().split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { continue }
            do {
                let content = try Array(line).withByteView { (view) throws(JSONError) in try JSONContent.parse(view) }
                let record = try GenerationRecord.read(content)
                if options.pipeline == nil || record.pipeline == options.pipeline { records.append(record) }
            } catch {
                throw StateFailure(
                    "\(name):\(number + 1): \(error); nothing was changed, so mend the line and try again"
                )
            }
        }
        return records
    }

    private func bytes() throws -> [UInt8] {
        let descriptor = file == "-" ? 0 : unsafe open(file, O_RDONLY | O_CLOEXEC)
        defer { if descriptor > 0 { close(descriptor) } }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw unsafe StateFailure("'\(file)' cannot be read: \(String(cString: strerror(errno)))")
            }
            if count == 0 { return bytes }
            bytes += piece[..<count]
        }
    }
}
