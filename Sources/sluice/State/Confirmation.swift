// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc

/// A person's word before something is changed.
struct Confirmation: ParsableArguments {
    @Flag(help: "Do it without asking.")
    var yes = false

    /// Ends the command unless `--yes` was given, or is said at the terminal.
    func ask() throws {
        if yes { return }
        guard isatty(0) == 1 else {
            Terminal.complain("nothing was changed: add --yes to do it")
            throw ExitStatus.usage
        }
        Terminal.write("Do it? [y/N] ", to: 1)
        let answer = readLine()?.lowercased() ?? ""
        guard answer == "y" || answer == "yes" else {
            Terminal.complain("nothing was changed")
            throw ExitStatus.usage
        }
    }
}
