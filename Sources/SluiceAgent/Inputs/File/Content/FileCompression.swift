// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Whether files are decompressed, as Filebeat's `compression` says.
package enum FileCompression: String, CaseIterable, Sendable {
    /// Files whose name ends in `.gz` and that begin as gzip does.
    case auto
    /// All.
    case gzip
    case none

    /// What compressing a file adds to its name.
    static let suffix = ".gz"

    /// Whether a file is to be decompressed; nil if that cannot be told yet, because it is about to be made.
    func applies(to path: String, _ descriptor: Int32) -> Bool? {
        switch self {
        case .none: return false
        case .gzip: return true
        case .auto:
            guard path.hasSuffix(Self.suffix) else { return false }
            var magic: UInt16 = 0
            guard unsafe pread(descriptor, &magic, 2, 0) == 2 else { return nil }
            return UInt16(bigEndian: magic) == 0x1f8b
        }
    }
}
