// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// Where certificates or a key are: in a file, or in the configuration itself.
package enum PEMSource: Sendable, Hashable {
    case file(String)
    case inline(String)

    /// A path, or text with the lines of PEM (RFC 7468) themselves.
    init(_ text: String) {
        self = text.contains("-----BEGIN ") ? .inline(text) : .file(text)
    }

    var path: String? {
        if case .file(let path) = self { path } else { nil }
    }

    /// For messages: a path, never what is in it.
    var inWords: String {
        switch self {
        case .file(let path): "'\(path)'"
        case .inline: "the text in the configuration"
        }
    }
}
