// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Comparing strings as they stand, and unescaping only those that have escapes.
extension FieldValue {
    /// Whether it is a string of exactly this text.
    @inline(__always)
    package func equals(text: ByteView, scratch: ByteArena) -> Bool {
        switch kind {
        case .string, .text: content == text
        case .escapedString: unescaped(in: scratch) == text
        default: false
        }
    }

    /// Whether it is a string that has this text in it.
    @inline(__always)
    package func contains(text: ByteView, scratch: ByteArena) -> Bool {
        switch kind {
        case .string, .text: content.contains(text)
        case .escapedString: unescaped(in: scratch).contains(text)
        default: false
        }
    }

    /// A string's text, written to `scratch` if it has escapes; what `scratch` held is forgotten.
    package func unescaped(in scratch: ByteArena) -> ByteView {
        guard kind == .escapedString else { return content }
        scratch.removeAll()
        scratch.appendUnescaped(content)
        return scratch.view
    }
}
