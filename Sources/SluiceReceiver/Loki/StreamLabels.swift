// SPDX-License-Identifier: Apache-2.0

/// A stream's labels in the form that they are stored and compared in.
package final class StreamLabels: Sendable {
    package let labels: LabelSet
    /// A JSON object with its keys in order.
    package let json: [UInt8]

    package init(_ labels: LabelSet) {
        self.labels = labels
        json = labels.json
    }
}
