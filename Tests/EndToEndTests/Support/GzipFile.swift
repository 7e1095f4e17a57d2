// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceBytes
import SluiceCompression

/// Files that are compressed, as `gzip` does it.
enum GzipFile {
    /// Texts as members of one file.
    static func bytes(_ texts: String...) throws -> [UInt8] {
        let arena = ByteArena()
        let compressor = try GzipCompressor(level: 1)
        for text in texts { text.withByteView { compressor.compress($0, to: arena) } }
        return arena.view.array
    }

    /// Compresses a file to its name and `.gz`, or another, and removes it.
    static func compress(_ path: String, to name: String? = nil) throws {
        try TextFile.append(try bytes(try TextFile.read(path)), name ?? path + ".gz")
        unsafe unlink(path)
    }
}
