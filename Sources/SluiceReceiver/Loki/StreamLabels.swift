// SPDX-License-Identifier: Apache-2.0

/// A stream's labels in the form that they are stored and compared in.
final class StreamLabels: Sendable {
    let labels: LabelSet
    /// A JSON object with its keys in order.
    let json: [UInt8]

    init(_ labels: LabelSet) {
        self.labels = labels
        json = labels.json
    }
}
