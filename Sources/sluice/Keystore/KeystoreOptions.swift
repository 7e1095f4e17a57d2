// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceConfiguration

/// Which keystore, and what opens it.
struct KeystoreOptions: ParsableArguments {
    @Option(
        help:
            "The file of secrets that ${NAME} is looked for in first. (default: sluice.keystore in the state directory)",
        completion: .file()
    )
    var keystore: String?

    @Option(
        help: "A file with the keystore's password; the environment variable SLUICE_KEYSTORE_PASSWORD has it, too.",
        completion: .file()
    )
    var keystorePasswordFile: String?

    func file(state: String?) -> KeystoreFile {
        KeystoreFile(keystore ?? (state ?? StateLocation.standard) + "/sluice.keystore")
    }

    func password() throws(SecretFailure) -> String {
        if let keystorePasswordFile { return try SecretFile.text(keystorePasswordFile) }
        return ProcessEnvironment.variables["SLUICE_KEYSTORE_PASSWORD"] ?? ""
    }

    /// What `${NAME}` stands for: the environment's variables, and before them the keystore's secrets, if there is one.
    func variables(state: String?) throws -> [String: String] {
        var variables = ProcessEnvironment.variables
        // A configuration has no business with what opens the keystore.
        variables["SLUICE_KEYSTORE_PASSWORD"] = nil
        let file = file(state: state)
        if keystore == nil, !file.exists { return variables }
        do {
            return variables.merging(try file.read(password: password()).entries) { _, secret in secret }
        } catch {
            Terminal.complain("\(error)")
            throw ExitStatus.configuration
        }
    }
}
