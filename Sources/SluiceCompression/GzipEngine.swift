// SPDX-License-Identifier: Apache-2.0

/// What makes the compressed blocks. Whatever it is, the result is gzip, which anything can read.
package enum GzipEngine: String, CaseIterable, Sendable {
    /// igzip where it is installed, for the levels that it has; zlib otherwise.
    case auto
    case zlib
    /// ISA-L's igzip, which is several times as quick as zlib and has levels 1 to 3; zlib where it is not installed.
    case igzip

    /// The levels of igzip.
    package static let igzipLevels = 1...3

    /// Why igzip is not used here; nil if it can be.
    package static var igzipProblem: String? {
        switch IgzipLibrary.shared {
        case .success: nil
        case .failure(let problem): problem.description
        }
    }

    /// The library, if it is to be used.
    func library(level: Int) -> IgzipLibrary? {
        guard self != .zlib, self == .igzip || Self.igzipLevels.contains(level) else { return nil }
        return try? IgzipLibrary.shared.get()
    }
}
