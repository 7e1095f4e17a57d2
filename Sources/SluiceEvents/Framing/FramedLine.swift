// SPDX-License-Identifier: Apache-2.0

/// A line on its way into a batch, or several that have become one: where its text and its bytes are.
package struct FramedLine: BitwiseCopyable {
    package struct Flags: OptionSet, BitwiseCopyable, Sendable {
        package var rawValue: UInt16
        package init(rawValue: UInt16) { self.rawValue = rawValue }
        /// Text is missing, because there was more than allowed.
        package static let truncated = Flags(rawValue: 1)
        /// Some bytes were no text in the file's encoding; U+FFFD stands for them.
        package static let invalidText = Flags(rawValue: 2)
        /// Several lines were put together by the rule of `multiline`.
        package static let multiline = Flags(rawValue: 4)
        /// It was ended before its rule said so: by a timeout, or because the file ends. Its file range has to be on
        /// record before it is sent, so that a restart ends it there again.
        package static let forced = Flags(rawValue: 8)
        /// `time` is what a container's line says.
        package static let hasTime = Flags(rawValue: 16)
        /// It should have been a container's line, and was not; the text is all of it.
        package static let unrecognised = Flags(rawValue: 32)
    }

    /// The text in the arena, without its line end.
    package var textStart: UInt32
    package var textEnd: UInt32
    /// First byte in the file, and the first byte after it, line end included. Lines of others may lie between.
    package var fileStart: Int64
    package var fileEnd: Int64
    package var flags: Flags = []
    package var stream = ContainerStream.none
    /// Nanoseconds since 1970, and with how many fraction digits of a second they were given.
    package var timeDigits: UInt8 = 9
    package var time: Int64 = 0
    /// Docker's `attrs`, a JSON object in the arena; empty if there is none.
    package var attributesStart: UInt32 = 0
    package var attributesEnd: UInt32 = 0
    /// Where its own byte ranges stand in `FramedLines.ranges`, if there are several; 0 if it is one.
    package var firstRange: UInt32 = 0
    package var rangeCount: UInt32 = 0

    package init(text: Range<Int>, file: Range<Int64>, flags: Flags = []) {
        textStart = UInt32(truncatingIfNeeded: text.lowerBound)
        textEnd = UInt32(truncatingIfNeeded: text.upperBound)
        fileStart = file.lowerBound
        fileEnd = file.upperBound
        self.flags = flags
    }

    @inlinable package var text: Range<Int> { Int(textStart)..<Int(textEnd) }
    @inlinable package var attributes: Range<Int> { Int(attributesStart)..<Int(attributesEnd) }
}
