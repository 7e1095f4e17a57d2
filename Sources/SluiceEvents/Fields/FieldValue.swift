// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// The value that a name led to. Good until the batch is changed.
package struct FieldValue {
    package var kind: FieldKind
    /// JSON text, a string's quotes included; raw text if the kind is `.text`.
    package var bytes: ByteView

    package init(kind: FieldKind, bytes: ByteView) {
        self.kind = kind
        self.bytes = bytes
    }

    /// What is between a string's quotes, escapes as they stand; otherwise the same as `bytes`.
    package var content: ByteView {
        switch kind {
        case .string, .escapedString: bytes.count >= 2 ? bytes[1..<(bytes.count - 1)] : .empty
        default: bytes
        }
    }

    /// Writes the value as a person would: a string without quotes and escapes, everything else as JSON.
    package func appendText(to output: ByteArena) {
        if kind == .escapedString { output.appendUnescaped(content) } else { output.append(content) }
    }

    /// The value as text in the sense of `appendText`.
    package var string: String {
        guard kind == .escapedString else { return content.string }
        let arena = ByteArena(capacity: content.count + 16)
        arena.appendUnescaped(content)
        return arena.string
    }

    /// The value, if it is an integer that fits.
    package var integer: Int64? { kind == .integer ? NumberText.integer(bytes) : nil }

    /// The value, if it is a number.
    package var double: Double? { kind == .integer || kind == .double ? NumberText.double(bytes) : nil }
}
