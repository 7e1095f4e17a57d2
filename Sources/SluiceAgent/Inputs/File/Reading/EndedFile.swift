// SPDX-License-Identifier: Apache-2.0

/// A file that was rotated while an event was open, as the file sees it in which the event goes on.
///
/// There its offsets are counted back from where it ended, so that all of them are below 0: the event is one stretch of
/// bytes for the framer. What leaves is said in each file's own offsets.
struct EndedFile {
    var place: FileFraming.Place
    /// By which it is known what was read of it.
    var anchor: FileFingerprint?
    /// Where it ended, by the offsets that are used here; 0 but for the one before the last.
    var end: Int64
    /// Its own offsets are higher by this.
    var shift: Int64

    /// As it is seen from the next file but one.
    func before(_ end: Int64) -> EndedFile {
        EndedFile(place: place, anchor: anchor, end: self.end - end, shift: shift + end)
    }

    /// A range in its own offsets, as far as it lies in it.
    func own(_ range: Range<Int64>) -> Range<Int64> {
        let start = min(range.lowerBound, end)
        return (start + shift)..<(max(start, min(range.upperBound, end)) + shift)
    }
}
