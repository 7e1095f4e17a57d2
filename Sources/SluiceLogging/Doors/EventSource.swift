// SPDX-License-Identifier: Apache-2.0

import Logging

/// Whether an event says itself what its source is, as nearly none does.
///
/// `LogEvent.source` makes a string out of the file's name if it does not, every time it is read, which costs as much
/// as all the rest of a line. What it has stored is not public; so it is looked for where it lies, between `metadata`
/// and `file`, once two samples have shown that it lies there. Nothing but words is compared. If it does not lie there,
/// as may be with another version of swift-log, the public way is taken.
enum EventSource {
    /// An event as words. The source, two of them, is the sixth and the seventh; the latter is 0 if there is none.
    private struct Words: BitwiseCopyable {
        var before: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
        var source: (UInt64, UInt64) = (0, 0)
        var behind: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
    }

    @inline(__always)
    private static var isSameSize: Bool { MemoryLayout<Words>.size == MemoryLayout<LogEvent>.size }

    /// Whether the source is where it is looked for.
    static let isFound: Bool = {
        let size = MemoryLayout<String?>.size
        guard isSameSize, size == 16, MemoryLayout<LogEvent>.offset(of: \.metadata) == 32,
            MemoryLayout<LogEvent>.offset(of: \.file) == 56
        else { return false }
        let given: String? = "a source that is given"
        let missing: String? = nil
        let expected = unsafe (unsafeBitCast(given, to: Pair.self), unsafeBitCast(missing, to: Pair.self))
        return words(of: sample(given)).source == expected.0.words
            && words(of: sample(missing)).source == expected.1.words
            && expected.0.words.1 != 0 && expected.1.words.1 == 0
    }()

    private struct Pair: BitwiseCopyable {
        var words: (UInt64, UInt64)
    }

    private static func sample(_ source: String?) -> LogEvent {
        LogEvent(level: .info, message: "", metadata: nil, source: source, file: "M/F", function: "f", line: 1)
    }

    @inline(__always)
    private static func words(of event: LogEvent) -> Words { unsafe unsafeBitCast(event, to: Words.self) }

    /// The source of an event that has one of its own; nil for the module that the file's name begins with.
    ///
    /// - Parameter isFound: the constant, which whoever asks for every line keeps at hand.
    @inline(__always)
    static func given(by event: LogEvent, isFound: Bool) -> String? {
        guard isSameSize, isFound else { return event.source }
        return words(of: event).source.1 == 0 ? nil : event.source
    }
}
