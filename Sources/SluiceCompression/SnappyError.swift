// SPDX-License-Identifier: Apache-2.0

/// Why decompressing Snappy failed.
package enum SnappyError: Error, Equatable, CustomStringConvertible {
    case corrupt(String)
    /// The data ends before its text does.
    case truncated
    /// Decompressed, there would be more bytes than allowed.
    case tooLarge(limit: Int)

    package var description: String {
        switch self {
        case .corrupt(let reason): "the snappy data is damaged: \(reason)"
        case .truncated: "the snappy data ends too early"
        case .tooLarge(let limit): "the snappy data holds more than \(limit) bytes"
        }
    }
}
