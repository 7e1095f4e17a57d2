// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// An instant, which a line shows as RFC 3339 text in UTC with microseconds: `"2026-11-22T03:32:00.123456Z"`.
///
/// It is for services that go without Foundation; it also works through swift-log, as `.stringConvertible`.
public struct LogTime: Sendable, Hashable, LogValue, CustomStringConvertible {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var nanosecondsSince1970: Int64

    /// An instant by its nanoseconds since 1970-01-01T00:00:00Z.
    public init(nanosecondsSince1970: Int64) { self.nanosecondsSince1970 = nanosecondsSince1970 }

    /// The instant of the call.
    public static var now: LogTime { LogTime(nanosecondsSince1970: SystemClock.now()) }

    /// Writes RFC 3339 text.
    public func write(to writer: inout LogValueWriter) { writer.write(timeSince1970: nanosecondsSince1970) }

    /// RFC 3339 text.
    public var description: String {
        let arena = ByteArena(capacity: 64)
        Timestamp.write(nanosecondsSince1970, fractionDigits: 6, to: arena)
        return arena.string
    }
}
