// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Which events a processor could not do its work on. A list of processors goes on with the next one all the same; a
/// branch of `then` or `else` ends for those events, as it does in Filebeat.
extension EventBatch {
    package func markFailed(_ event: Int) {
        let word = event >> 6
        while failed.count <= word { failed.append(0) }
        failed[word] |= 1 << UInt64(event & 63)
    }

    /// How many events have failed since the failures were last forgotten.
    package var failedCount: Int { failed.reduce(0) { $0 + $1.nonzeroBitCount } }

    package func forgetFailures() { failed.removeAll(keepingCapacity: true) }

    /// Puts `message` into the field `error.message`.
    func setErrorMessage(_ message: String, of event: Int) {
        lookup.text.removeAll()
        lookup.text.appendJSONString(message)
        let kind: FieldKind = lookup.text.view.firstIndex(of: 0x5c) == nil ? .string : .escapedString
        let start = arena.count
        arena.append(lookup.text.view)
        setValue(Self.errorMessage, kind: kind, value: start..<arena.count, of: event)
    }

    private static let errorMessage = FieldPath("error.message")
}
