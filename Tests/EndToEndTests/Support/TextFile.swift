// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// Small files as text.
enum TextFile {
    static func read(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }

    /// Makes the file, or empties it first; its inode stays.
    static func write(_ text: String, _ path: String) throws {
        try write(Array(text.utf8), path, O_TRUNC)
    }

    static func append(_ text: String, _ path: String) throws {
        try write(Array(text.utf8), path, O_APPEND)
    }

    static func append(_ bytes: [UInt8], _ path: String) throws {
        try write(bytes, path, O_APPEND)
    }

    static func rename(_ path: String, _ newPath: String) throws {
        guard unsafe Glibc.rename(path, newPath) == 0 else {
            throw Command.Failure(description: "\(path) cannot be renamed")
        }
    }

    private static func write(_ bytes: [UInt8], _ path: String, _ flag: Int32) throws {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flag, 0o644)
        guard file >= 0 else { throw Command.Failure(description: "\(path) cannot be opened for writing") }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Command.Failure(description: "\(path) cannot be written") }
            rest = rest.dropFirst(count)
        }
    }
}
