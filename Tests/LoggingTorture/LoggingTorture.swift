// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Many threads log, are killed with `kill -9` and started again; then all files are read and held against what was
/// acknowledged.
///
/// `logging-torture run --directory DIR [--lines N] [--kills N] [--threads N] [--processes N] [--rotation R] [--mode M]
/// [--size BYTES] [--seed N]`
@main
enum LoggingTorture {
    static func main() {
        do {
            let arguments = CommandLine.arguments
            let options = try Options(arguments.dropFirst(2))
            switch arguments.dropFirst().first {
            case "run": exit(try Driver(options).run() ? 0 : 1)
            case "write": try Writer.run(options)
            default: throw Options.Failure(description: "expected run or write")
            }
        } catch {
            print("logging-torture: \(error)")
            exit(64)
        }
    }
}
