// SPDX-License-Identifier: Apache-2.0

extension StateStore {
    /// A stretch of a generation that is handed on.
    package struct Departure {
        package var row: Int64
        package var underWay: Generation.UnderWay
        package var anchor: FileFingerprint?
        /// The events in it that were ended before their rule said so.
        package var forced: [Range<Int64>]

        package init(
            row: Int64,
            underWay: Generation.UnderWay,
            anchor: FileFingerprint?,
            forced: [Range<Int64>] = []
        ) {
            self.row = row
            self.underWay = underWay
            self.anchor = anchor
            self.forced = forced
        }
    }
}
