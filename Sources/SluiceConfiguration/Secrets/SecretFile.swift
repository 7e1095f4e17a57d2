// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// Files that hold one secret, as Docker, Kubernetes and systemd mount them.
package enum SecretFile {
    private static let maximumSize = 1 << 20

    /// What is in the file, without the line end that editors put behind it.
    package static func text(_ path: String) throws(SecretFailure) -> String {
        switch ConfigurationFile.read(path, maximumSize: maximumSize) {
        case .failure(let problem):
            throw SecretFailure("the secret in '\(path)' cannot be read: \(problem.message)")
        case .success(var bytes):
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw SecretFailure("the secret in '\(path)' is no text in UTF-8")
            }
            return text
        }
    }
}
