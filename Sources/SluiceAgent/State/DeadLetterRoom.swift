// SPDX-License-Identifier: Apache-2.0

/// Whether more dead letters can be kept, where those that have no room wait.
package struct DeadLetterRoom: Sendable {
    package let options: DeadLetterOptions
    /// Bytes of letters on the disk, as far as is known: others may have taken some away.
    private var kept: Int64
    /// Bytes of letters that have been admitted, and are on their way to the disk.
    private var pending: Int64 = 0
    /// How often letters have been written: what was counted before the last time is out of date.
    package private(set) var version = 0

    package init(_ options: DeadLetterOptions, kept: Int64) {
        self.options = options
        self.kept = kept
    }

    /// Makes room for letters of so many bytes.
    ///
    /// - Returns: false if they have to wait. Where letters are dropped, that is decided when they are written.
    package mutating func admit(_ bytes: Int64) -> Bool {
        // What is larger than all the room there is would wait for ever.
        let hasRoom = kept + pending + bytes <= options.maximumBytes || kept + pending == 0
        if options.whenFull == .hold, !hasRoom { return false }
        pending += bytes
        return true
    }

    /// So many of the bytes that were admitted have been written.
    package mutating func written(_ bytes: Int64) {
        pending -= bytes
        kept += bytes
        version += 1
    }

    /// Takes over what somebody has counted on the disk, unless letters have been written since.
    package mutating func recount(_ bytes: Int64, version: Int) {
        if version == self.version { kept = bytes }
    }
}
