// SPDX-License-Identifier: Apache-2.0

public import Logging

/// Levels as numbers, which compare in one instruction.
@usableFromInline
enum LevelRank {
    /// Above every level: nothing passes.
    @inlinable static var off: UInt8 { 7 }

    /// 0 for trace to 6 for critical.
    @inlinable
    @inline(__always)
    static func of(_ level: Logger.Level) -> UInt8 {
        switch level {
        case .trace: 0
        case .debug: 1
        case .info: 2
        case .notice: 3
        case .warning: 4
        case .error: 5
        case .critical: 6
        }
    }

    /// The level of a rank; critical for ranks above it.
    static func level(_ rank: UInt8) -> Logger.Level {
        switch rank {
        case 0: .trace
        case 1: .debug
        case 2: .info
        case 3: .notice
        case 4: .warning
        case 5: .error
        default: .critical
        }
    }
}
