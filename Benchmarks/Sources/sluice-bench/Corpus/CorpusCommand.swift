// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Writes a file of log lines that depends on nothing but its arguments.
enum CorpusCommand {
    static func run(_ options: Options) throws(ToolError) {
        let path = try options.required("output")
        let bytes = try options.number("bytes")
        let lines = try options.number("lines")
        guard (bytes == nil) != (lines == nil) else { throw ToolError("give one of --bytes and --lines", code: 64) }
        let seed = UInt64(try options.number("seed") ?? 1)
        let format = options.text("format") ?? "json"
        let written: (bytes: Int, lines: Int)
        switch format {
        case "json": written = try write(JSONLineGenerator(seed: seed), to: path, bytes: bytes, lines: lines)
        case "nginx": written = try write(AccessLineGenerator(seed: seed), to: path, bytes: bytes, lines: lines)
        default: throw ToolError("--format is json or nginx, not `\(format)`", code: 64)
        }
        print("{\"path\":\"\(path)\",\"format\":\"\(format)\",\"bytes\":\(written.bytes),\"lines\":\(written.lines)}")
    }

    /// Writes whole lines until there are so many, or at most so many bytes.
    private static func write(
        _ generator: some LineGenerator,
        to path: String,
        bytes: Int?,
        lines: Int?
    ) throws(ToolError) -> (bytes: Int, lines: Int) {
        var generator = generator
        let file = try RawFile(writing: path)
        let arena = ByteArena(capacity: 1 << 20)
        var written = 0
        var count = 0
        while count < lines ?? .max {
            let before = arena.count
            generator.appendLine(sequence: count, to: arena)
            if let bytes, written + arena.count > bytes {
                arena.truncate(to: before)
                break
            }
            count += 1
            if arena.count > 1 << 20 - 1024 {
                try file.write(arena.view)
                written += arena.count
                arena.removeAll()
            }
        }
        try file.write(arena.view)
        return (written + arena.count, count)
    }
}
