// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceConfiguration

/// `sluice keystore create`
struct KeystoreCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes an empty keystore."
    )

    @OptionGroup var location: KeystoreLocation

    @Flag(help: "Throw away the one that is there, without asking.")
    var force = false

    func run() throws {
        try location.reported {
            let file = location.file
            if file.exists, !force {
                guard SecretPrompt.confirms("The keystore '\(file.path)' is there. Throw its secrets away?") else {
                    throw SecretFailure("the keystore '\(file.path)' is there: --force throws its secrets away")
                }
            }
            try file.write(Keystore(), password: location.options.password())
            Terminal.print("made the keystore \(file.path)")
        }
    }
}
