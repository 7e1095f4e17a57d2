// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceConfiguration

/// `sluice keystore list`
struct KeystoreListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the names of the secrets, and none of the secrets."
    )

    @OptionGroup var location: KeystoreLocation

    func run() throws {
        try location.reported {
            let keystore = try location.file.read(password: location.options.password())
            for name in keystore.entries.keys.sorted() { Terminal.print(name) }
        }
    }
}
