// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Small files as text.
enum TextFile {
    static func read(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
}
