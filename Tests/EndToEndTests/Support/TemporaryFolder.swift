// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A folder of its own for a test, removed with all that is in it.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/sluice-test-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw Command.Failure(description: "no folder can be made in /tmp")
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
