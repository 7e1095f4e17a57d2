// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceConfiguration

/// `sluice keystore remove NAME...`
struct KeystoreRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Removes secrets."
    )

    @Argument(help: "Their names.")
    var names: [String]

    @OptionGroup var location: KeystoreLocation

    func run() throws {
        try location.reported {
            let password = try location.options.password()
            var keystore = try location.file.read(password: password)
            for name in names {
                guard keystore[name] != nil else {
                    throw SecretFailure("there is no secret '\(name)': 'sluice keystore list' lists them")
                }
                keystore[name] = nil
            }
            try location.file.write(keystore, password: password)
        }
    }
}
