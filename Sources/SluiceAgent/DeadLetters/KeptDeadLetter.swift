// SPDX-License-Identifier: Apache-2.0

/// A dead letter as it lies in state.
package struct KeptDeadLetter: Sendable {
    /// Its row, by which a person names it. A number that was dropped last can come again.
    package var number: Int64
    /// Without its text where only a list was asked for.
    package var letter: DeadLetter
    /// Of the text, in bytes.
    package var byteCount: Int64

    package init(number: Int64, letter: DeadLetter, byteCount: Int64) {
        self.number = number
        self.letter = letter
        self.byteCount = byteCount
    }

    /// When it was refused; of a letter of an older Sluice, which did not note it, the event's own time.
    package var moment: Int64 { letter.refused > 0 ? letter.refused : letter.time }
}
