// SPDX-License-Identifier: Apache-2.0

public import Logging
import SluiceBytes

/// Where finished lines go.
///
/// A destination is shared by all handlers that write to it, and is called from any thread. Logging must never bring
/// a service down, so none of its functions throws: what cannot be written is dropped and counted, and said once on
/// the standard error.
public protocol LogDestination: AnyObject, Sendable {
    /// Takes one whole line, its newline included.
    ///
    /// It must neither log nor wait for long. The bytes are good only during the call.
    ///
    /// - Parameters:
    ///   - line: UTF-8, ending in a newline, with no other newline in it.
    ///   - level: the level at which the line was logged.
    func write(_ line: RawSpan, level: Logger.Level)

    /// Takes several whole lines in one piece. By default each of them is written by itself.
    ///
    /// - Parameters:
    ///   - lines: one line after another, each ending in a newline.
    ///   - levels: the levels at which they were logged, one for each line.
    func write(_ lines: RawSpan, levels: Span<Logger.Level>)

    /// Hands everything that was taken so far to the operating system.
    func flush()

    /// Flushes, and lets go of what the destination holds open. Lines that come later are dropped and counted.
    func close()

    /// Lets go of files that were moved away, and opens those that have their names now. Does nothing by default.
    func reopen()

    /// Lines that were taken and not written, since the destination was made. 0 by default.
    var droppedLines: Int { get }
}

extension LogDestination {
    /// Writes each line by itself.
    public func write(_ lines: RawSpan, levels: Span<Logger.Level>) {
        lines.withByteView { view in
            var rest = view
            var index = 0
            while let newline = rest.firstIndex(of: UInt8(ascii: "\n")), index < levels.count {
                rest[0..<(newline + 1)].withRawSpan { write($0, level: levels[index]) }
                rest = rest[(newline + 1)..<rest.count]
                index += 1
            }
        }
    }

    /// Does nothing.
    public func reopen() {}

    /// Nothing is ever dropped.
    public var droppedLines: Int { 0 }
}
