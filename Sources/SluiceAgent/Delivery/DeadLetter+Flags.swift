// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

extension DeadLetter {
    /// What framing found of an event, and its text does not say.
    static let keptFlags: Event.Flags = [
        .truncated, .invalidText, .multiline, .unrecognised, .standardOutput, .standardError, .forced,
    ]
}
