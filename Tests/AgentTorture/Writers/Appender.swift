// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One of several processes that write to one file. It does what it is told on its standard input, a command a line,
/// and says on its standard output when that is done.
///
/// `open` opens the file anew; `write FIRST COUNT` writes the lines of these numbers.
struct Appender {
    private let path: String
    private let writer: Int
    private let line: LogLine

    init(_ options: Options) throws(Failure) {
        path = try options.text("file")
        writer = try options.number("writer")
        guard let format = LineFormat(rawValue: try options.text("format")) else { throw Failure("no such format") }
        line = LogLine(seed: UInt64(try options.number("seed")), format: format)
    }

    func run() throws(Failure) {
        var file: Int32 = -1
        let bytes = ByteArena(capacity: 4096)
        while let command = readLine() {
            let words = command.split(separator: " ")
            if words.first == "open" {
                if file >= 0 { close(file) }
                file = unsafe open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
                guard file >= 0 else { throw Failure("\(path) cannot be opened") }
            } else if words.count == 3, let first = Int(words[1]), let count = Int(words[2]) {
                for number in first..<(first + count) {
                    bytes.removeAll()
                    line.write(writer: writer, number: number, time: MachineClock.realTime(), to: bytes)
                    // In one piece, or lines of two processes would be mixed.
                    guard unsafe write(file, bytes.base, bytes.count) == bytes.count else {
                        throw Failure("\(path) cannot be written")
                    }
                }
            } else {
                throw Failure("what is '\(command)'?")
            }
            Console.say("done")
        }
    }
}
