// SPDX-License-Identifier: Apache-2.0

/// Why compressing or decompressing failed.
package enum GzipError: Error, Equatable, CustomStringConvertible {
    /// zlib could not set itself up; its code. In practice: no memory.
    case initialisation(Int32)
    /// The bytes are not gzip, or are damaged.
    case corrupt(String)
    /// The data ends before its trailer.
    case truncated
    /// Decompressed, there would be more bytes than allowed.
    case tooLarge(limit: Int)

    package var description: String {
        switch self {
        case .initialisation(let code): "zlib could not be set up (code \(code))"
        case .corrupt(let reason): "the gzip data is damaged: \(reason)"
        case .truncated: "the gzip data ends too early"
        case .tooLarge(let limit): "the gzip data holds more than \(limit) bytes"
        }
    }
}
