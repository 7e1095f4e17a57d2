// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// How many dead letters a pipeline keeps: `dead_letters` in its configuration.
package struct DeadLetterOptions: Sendable, Equatable {
    /// What becomes of a letter that there is no room for.
    package enum WhenFull: String, CaseIterable, Sendable {
        /// The output waits until a person has made room. Nothing is lost.
        case hold
        /// The letters that are longest there make room.
        case dropOldest = "drop_oldest"
        /// It is not kept.
        case dropNewest = "drop_newest"
    }

    /// Bytes of all letters of the pipeline, as ``DeadLetter/size`` counts them. One letter is kept whatever its size.
    package var maximumBytes: Int64 = 100_000_000
    package var whenFull = WhenFull.hold

    package init() {}

    /// Reads `dead_letters.max_bytes` and `dead_letters.when_full` of a pipeline.
    package init(_ section: ConfigurationSection) {
        maximumBytes = Int64(section.bytes("dead_letters.max_bytes", default: 100_000_000, in: 1024...(1 << 40)))
        whenFull = section.choice("dead_letters.when_full", default: .hold)
    }
}
