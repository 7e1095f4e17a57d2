// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceConfiguration

/// `sluice keystore add NAME`
struct KeystoreAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a secret, which is asked for or read from the standard input."
    )

    @Argument(help: "The name that ${NAME} says: letters, digits, '_', '.' and '-'.")
    var name: String

    @Flag(help: "Read the secret from the standard input, without the line end behind it.")
    var stdin = false

    @Flag(help: "Replace a secret of this name without asking.")
    var force = false

    @OptionGroup var location: KeystoreLocation

    func validate() throws {
        guard Keystore.isName(name) else {
            throw ValidationError("a secret's name has letters, digits, '_', '.' and '-', and not others")
        }
    }

    func run() throws {
        try location.reported {
            let password = try location.options.password()
            var keystore = try location.file.read(password: password)
            if keystore[name] != nil, !force {
                guard !stdin, SecretPrompt.confirms("There is a secret '\(name)'. Replace it?") else {
                    throw SecretFailure("there is a secret '\(name)': --force replaces it")
                }
            }
            let secret = stdin ? try SecretPrompt.standardInput() : try SecretPrompt.ask("Secret for '\(name)': ")
            guard !secret.isEmpty else { throw SecretFailure("the secret is empty: nothing was added") }
            keystore[name] = secret
            try location.file.write(keystore, password: password)
        }
    }
}
