// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The tools of the benchmarks, each a subcommand.
@main
enum SluiceBench {
    static let usage = """
        usage: sluice-bench COMMAND [--OPTION VALUE]...

          corpus   --output FILE (--bytes N | --lines N) [--format json|nginx] [--seed N]
                   Writes log lines; none is repeated. Prints what it wrote as JSON.
          sink     [--port N] [--expect N] [--until KIND[,KIND]] [--bodies FILE]
                   Takes whatever is sent to it, checks it and throws it away. Prints its port, `complete` when all
                   events of the kinds (bulk, loki, lines) are there, and a summary as JSON on SIGTERM.
          zlib     (--bodies FILE | --input FILE [--block N]) [--level N]
                   The CPU time of plain zlib over recorded request bodies, or over a file in blocks.
          measure  --input FILE [--bytes N] [--rounds N] [--only NAME[,NAME]] [--rows NAME[,NAME]]
                   Speed and allocations of the parts of the pipeline, on one core, in memory. `--rows` leaves the
                   part `logging` with these rows, as for a profile: --rows "typed: static".
        """

    static func main() {
        do throws(ToolError) {
            var words = CommandLine.arguments.dropFirst()
            guard let command = words.popFirst() else { throw ToolError(usage, code: 64) }
            let options = try Options(words)
            switch command {
            case "corpus": try CorpusCommand.run(options)
            case "sink": try SinkCommand.run(options)
            case "zlib": try ZlibCommand.run(options)
            case "measure": try MeasureCommand.run(options)
            default: throw ToolError("there is no command `\(command)`\n\n\(usage)", code: 64)
            }
        } catch {
            StandardError.say("sluice-bench: \(error.message)")
            exit(error.code)
        }
    }
}
