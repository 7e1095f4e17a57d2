// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceConfiguration

/// Secrets that a person types, or a program writes to the standard input.
enum SecretPrompt {
    /// Asks a question whose answer is yes or no; no if nobody is there.
    static func confirms(_ question: String) -> Bool {
        guard isatty(0) == 1 else { return false }
        Terminal.write("\(question) [y/N] ", to: 2)
        return ["y", "yes"].contains((readLine() ?? "").lowercased())
    }

    /// Asks for a secret, which is not shown while it is typed.
    static func ask(_ question: String) throws(SecretFailure) -> String {
        guard isatty(0) == 1 else {
            throw SecretFailure("nobody is there to be asked: write the secret to the standard input, with --stdin")
        }
        Terminal.write(question, to: 2)
        var before = termios()
        let isKnown = unsafe tcgetattr(0, &before) == 0
        if isKnown {
            var silent = before
            silent.c_lflag &= ~tcflag_t(ECHO)
            unsafe tcsetattr(0, TCSAFLUSH, &silent)
        }
        let secret = readLine()
        if isKnown { unsafe tcsetattr(0, TCSAFLUSH, &before) }
        Terminal.write("\n", to: 2)
        return secret ?? ""
    }

    /// All of the standard input, without the line end behind it.
    static func standardInput() throws(SecretFailure) -> String {
        try SecretFile.text("/dev/stdin")
    }
}
