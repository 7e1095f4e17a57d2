// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Writers that rotate in every style, an agent that is ill-treated meanwhile, and a checker that knows every line.
///
/// `agent-torture run --directory DIR [--seconds N] [--seed N] [--writers N] [--only NAMES] [--except NAMES]`
///
/// The names are those of styles and torments, with commas between them; `agent-torture list` lists them.
///
/// `agent-torture weather --directory DIR [--seconds N] [--seed N] [--rate N] [--recovery SECONDS] [--only NAMES]
/// [--except NAMES] [--sluice PATH]`
///
/// Bad weather at the outputs instead; the names are those of its kinds. `--recovery` makes a fault of what takes longer
/// to flow again, `--sluice` takes another executable than the one beside this.
@main
enum AgentTorture {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        do {
            let arguments = CommandLine.arguments
            switch arguments.dropFirst().first {
            case "run": exit(try Driver(Options(arguments.dropFirst(2))).run() ? 0 : 1)
            case "weather": exit(try WeatherDriver(Options(arguments.dropFirst(2))).run() ? 0 : 1)
            case "append": try Appender(Options(arguments.dropFirst(2))).run()
            case "list":
                Console.say("styles: " + Style.allCases.map(\.rawValue).joined(separator: " "))
                Console.say("torments: " + Torment.allCases.map(\.rawValue).joined(separator: " "))
                Console.say("weather: " + Front.Kind.allCases.map(\.rawValue).joined(separator: " "))
            default: throw Failure("expected run, weather, list or append")
            }
        } catch {
            Console.say("agent-torture: \(error)")
            exit(64)
        }
    }
}
