// SPDX-License-Identifier: Apache-2.0

/// One event of a batch: where its text, its place in the file, its time and its fields are.
package struct Event: BitwiseCopyable {
    package struct Flags: OptionSet, BitwiseCopyable, Sendable {
        package var rawValue: UInt16
        package init(rawValue: UInt16) { self.rawValue = rawValue }
        /// A processor dropped it: it counts as done, and goes nowhere.
        package static let dropped = Flags(rawValue: 1)
        /// Its fields come from structured text (and a Loki line is the event as JSON).
        package static let parsed = Flags(rawValue: 2)
        /// Its time comes from the line, not from when it was read.
        package static let hasOwnTime = Flags(rawValue: 4)
        /// The parsed object in the arena is no longer what the event is: encode field by field.
        package static let rewritten = Flags(rawValue: 8)
        /// The line was longer than allowed and has been cut.
        package static let truncated = Flags(rawValue: 16)
        /// An `@timestamp` stands among the fields, with the event's time as its value.
        package static let hasTimestampField = Flags(rawValue: 32)
        /// Some of its bytes were no text in the file's encoding; U+FFFD stands for them.
        package static let invalidText = Flags(rawValue: 64)
        /// It is several lines.
        package static let multiline = Flags(rawValue: 128)
        /// It should have been a container's line, and was not.
        package static let unrecognised = Flags(rawValue: 256)
        /// It comes from a container's standard output, or standard error.
        package static let standardOutput = Flags(rawValue: 512)
        package static let standardError = Flags(rawValue: 1024)
        /// It was ended before its rule said so, by a timeout or the end of its file: its range has to be on record
        /// before it is sent.
        package static let forced = Flags(rawValue: 2048)
    }

    /// Index of its segment in the batch.
    package var segment: UInt32
    /// The raw text in the arena, without its line end.
    package var textStart: UInt32
    package var textEnd: UInt32
    /// What stands between the braces of the parsed object in the arena; empty if there is none.
    package var bodyStart: UInt32 = 0
    package var bodyEnd: UInt32 = 0
    /// First byte in the file, and the first byte after it (line end included).
    package var fileStart: Int64
    package var fileEnd: Int64
    /// Nanoseconds since 1970.
    package var time: Int64
    /// How many fraction digits of a second `time` was given with, 0 to 9.
    package var timeDigits: UInt8 = 9
    /// Bit i: the source's common field i is not to be added (the event has its own, or dropped it).
    package var withoutCommon: UInt8 = 0
    package var flags: Flags = []
    package var firstField: UInt32 = 0
    package var fieldCount: UInt16 = 0
    package var fieldRoom: UInt16 = 0
    /// How many of its first fields stand in the parsed object.
    package var originalFields: UInt16 = 0
    /// Bit k: it has a field with key number k (of the first 64 keys).
    package var keys: UInt64 = 0

    package init(segment: UInt32, textStart: UInt32, textEnd: UInt32, fileStart: Int64, fileEnd: Int64, time: Int64) {
        self.segment = segment
        self.textStart = textStart
        self.textEnd = textEnd
        self.fileStart = fileStart
        self.fileEnd = fileEnd
        self.time = time
    }

    package var isDropped: Bool { flags.contains(.dropped) }
}
