// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The line by which a log says that lines are missing from it, made by hand.
///
/// Nobody needs one: without it a ``BackgroundDestination`` writes a line in the layout of the other lines, at level
/// WARNING, of the logger `sluice.logging`, with their number as `dropped_lines`.
public struct DropNotice: Sendable {
    private let render: @Sendable (_ dropped: Int, _ nanoseconds: Int64) -> String

    /// - Parameter render: makes the line, without a newline in it, from how many lines were dropped since the last
    ///   notice and from the time, in nanoseconds since 1970-01-01T00:00:00Z. It must not log.
    public init(_ render: @escaping @Sendable (_ dropped: Int, _ nanoseconds: Int64) -> String) {
        self.render = render
    }

    /// A line of the default layout, at level WARNING:
    ///
    /// ```json
    /// {"timestamp":"2026-11-22T03:32:00.123456Z","level":"WARNING","logger":"sluice.logging",
    ///  "message":"log lines were dropped because the queue was full","module":"SluiceLogging",
    ///  "function":"write(_:level:)","line":0,"dropped_lines":17}
    /// ```
    /// (on one line.)
    public static let json = DropNotice { dropped, nanoseconds in
        let line = ByteArena(capacity: 256)
        line.append("{\"timestamp\":\"")
        var timestamps = TimestampWriter()
        timestamps.write(nanoseconds, fractionDigits: 6, to: line)
        line.append(
            "\",\"level\":\"WARNING\",\"logger\":\"sluice.logging\",\"message\":\"log lines were dropped because "
        )
        line.append("the queue was full\",\"module\":\"SluiceLogging\",\"function\":\"write(_:level:)\",\"line\":0,")
        line.append("\"dropped_lines\":")
        line.append(decimal: dropped)
        line.append("}")
        return line.string
    }

    /// The whole line.
    func line(dropped: Int) -> [UInt8] {
        var bytes = Array(render(dropped, SystemClock.now()).utf8)
        // One line, whatever was made of it.
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") { bytes[index] = UInt8(ascii: " ") }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}
