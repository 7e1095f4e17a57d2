// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceConfiguration

/// `sluice keystore …`
struct KeystoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keystore",
        abstract: "Keeps secrets in an encrypted file, for configurations to name.",
        discussion: """
            ${NAME} in a pipeline stands for the secret of this name, and for the environment variable if there is none. \
            With a password in SLUICE_KEYSTORE_PASSWORD or --keystore-password-file the file is of no use without it; \
            without one its mode (0600) is what protects it.
            """,
        subcommands: [
            KeystoreCreateCommand.self, KeystoreAddCommand.self, KeystoreListCommand.self, KeystoreRemoveCommand.self,
        ]
    )
}

/// Where the keystore is, for the commands that work on it.
struct KeystoreLocation: ParsableArguments {
    @Option(
        help: "The state directory. (default: /var/lib/sluice for root, otherwise ~/.local/state/sluice)",
        completion: .directory
    )
    var state: String?

    @OptionGroup var options: KeystoreOptions

    var file: KeystoreFile { options.file(state: state) }

    /// Runs what works on the keystore; what goes wrong is one line, and exit status 74.
    func reported<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let failure as SecretFailure {
            Terminal.complain("\(failure)")
            throw ExitStatus.inputOutput
        }
    }
}
